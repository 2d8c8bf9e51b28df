import type { RoleAudit } from '../conformance/src/hooks.ts'
import { type Client, withClient } from '../standalone/src/database.ts'
import { API } from '../standalone/src/roles.ts'

/** Tables of people's data: those of schema `todo`. */
export async function listTables(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'todo'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  return rows.map(row => row.name)
}

const ROLE = `
  select rolsuper as superuser, rolbypassrls as bypasses_row_security,
    array(
      select oid::regclass::text from pg_class where relowner = r.oid
      union select roleid::regrole::text from pg_auth_members where member = r.oid
      union select oid::regprocedure::text from pg_proc where proowner = r.oid
    ) as owns
  from pg_roles r where rolname = $1`
const TABLES = `
  select oid::regclass::text as name, relrowsecurity as row_security, relforcerowsecurity as forced
  from pg_class where relnamespace = 'todo'::regnamespace and relkind in ('r', 'p') order by 1`
const EXCESS_RIGHTS = `
  select format('%s %s', right_name, c.oid::regclass) as excess from pg_class c
  cross join unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER']) right_name
  where relnamespace in ('todo'::regnamespace, 'auth'::regnamespace) and relkind in ('r', 'p', 'v', 'm')
    and has_table_privilege($1, c.oid, right_name)`
const VIEWS = `
  select oid::regclass::text as name, coalesce('security_invoker=true' = any(reloptions), false) as security_invoker
  from pg_class where relnamespace = 'todo'::regnamespace and relkind in ('v', 'm')`
const FUNCTIONS = `
  select oid::regprocedure::text as name, prosecdef as security_definer,
    exists (select from unnest(proconfig) setting where setting like 'search_path=%') as fixed_search_path,
    proacl is null or exists (select from aclexplode(proacl) where grantee = 0) as public
  from pg_proc where pronamespace in ('todo'::regnamespace, 'auth'::regnamespace) order by 1`

/** What the API's role may do, as PostgreSQL's own catalogue says. */
export async function auditRole(adminUrl: string): Promise<RoleAudit> {
  return await withClient(adminUrl, async client => {
    const rowsOf = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows
    const [role] = await rowsOf(ROLE, [API])
    return {
      ...role,
      tables: await rowsOf(TABLES),
      excess_rights: (await rowsOf(EXCESS_RIGHTS, [API])).map(row => row.excess),
      views: await rowsOf(VIEWS),
      functions: await rowsOf(FUNCTIONS),
    }
  })
}
