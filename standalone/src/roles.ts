// Three roles and what each may do to the database as a whole: one owns the schemas and cannot log in, the other
// two log in and own nothing. What they may do to tables is said beside the tables, in the migrations.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, canLogIn, credentialsIn, quoteName, quoteText, withClient } from './database.ts'
import { StartError } from './start-error.ts'

export const OWNER = 'latchkey_owner'
export const ISSUER = 'latchkey_issuer'
export const API = 'latchkey_api'

const OLDEST_SERVER = 15

/** Makes the roles and their rights on the database as a whole. Several processes may do so at once. */
export async function prepareRoles(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async client => {
    await requireServerVersion(client)
    await retryWhileContended(async () => {
      await createMissingRoles(client)
      await letAdministratorActAsOwner(client)
      await limitDatabase(client)
    })
    await requirePowerless(client)
  })
}

/** Gives a login role the password of its URL, unless that is what it has. Other users are not ours to change. */
export async function letLogIn(adminUrl: string, roleUrl: string): Promise<void> {
  const { user, password } = credentialsIn(roleUrl)
  if (![ISSUER, API].includes(user) || !password || (await canLogIn(roleUrl))) return
  const statement = `alter role ${quoteName(user)} password ${quoteText(scramVerifier(password))}`
  await withClient(adminUrl, client => retryWhileContended(() => client.query(statement)))
}

async function requireServerVersion(client: Client): Promise<void> {
  const { rows } = await client.query('show server_version')
  const version: string = rows[0].server_version
  if (Number.parseInt(version, 10) < OLDEST_SERVER)
    throw new StartError(
      `The database server is PostgreSQL ${version}: Latchkey needs ${OLDEST_SERVER} or newer`,
    )
}

async function createMissingRoles(client: Client): Promise<void> {
  const { rows } = await client.query('select rolname from pg_roles where rolname = any($1)', [
    [OWNER, ISSUER, API],
  ])
  const found = new Set(rows.map(row => row.rolname))
  if (!found.has(OWNER)) await client.query(`create role ${OWNER} nologin noinherit`)
  if (!found.has(ISSUER)) await client.query(`create role ${ISSUER} login noinherit`)
  if (!found.has(API)) await client.query(`create role ${API} login noinherit`)
}

/** A superuser can become anyone; another administrator needs the membership. */
async function letAdministratorActAsOwner(client: Client): Promise<void> {
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user')
  if (!rows[0].rolsuper) await client.query(`grant ${OWNER} to current_user`)
}

/** Without rights to temporary tables or to `public`, nothing can be put where a name is looked up first. */
async function limitDatabase(client: Client): Promise<void> {
  const { rows } = await client.query('select current_database() as name')
  const database = quoteName(rows[0].name)
  await client.query(`revoke temporary on database ${database} from public`)
  await client.query('revoke create on schema public from public')
  await client.query(`grant connect on database ${database} to ${ISSUER}, ${API}`)
  await client.query(`grant create on database ${database} to ${OWNER}`)
  const granted = await client.query(`select has_database_privilege($1, $2, 'create') as ok`, [
    OWNER,
    rows[0].name,
  ])
  if (!granted.rows[0].ok)
    throw new StartError(`The administrator of the database must own it, or be able to grant CREATE on it`)
}

/** Roles belong to the whole server: one of these names may have been there, with powers of its own. */
async function requirePowerless(client: Client): Promise<void> {
  const { rows } = await client.query(
    `select rolname from pg_roles r
     where rolname = any($1) and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
       or rolname = any($2) and exists (select from pg_auth_members where member = r.oid)`,
    [
      [OWNER, ISSUER, API],
      [ISSUER, API],
    ],
  )
  if (rows.length === 0) return
  const names = rows.map(row => row.rolname).join(', ')
  throw new StartError(`These database roles have powers they must not have: ${names}`)
}

/** Roles are shared by all databases of a server, so no lock inside one of them can order these changes. */
async function retryWhileContended<T>(work: () => Promise<T>, attempts = 20): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const { code = '', message } = error as Error & { code?: string }
      const isContended = ['42710', '23505'].includes(code) || message.includes('tuple concurrently updated')
      if (!isContended || attempt === attempts) throw error
      await sleep(20 * Math.random() * attempt)
    }
  }
}

/** RFC 5803: the server gets this instead of the password, which so cannot reach any log. */
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64')
  const serverKey = keyed('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
