// What the good server's database would answer to the API's own role: a policy on every row, forced, for a role that
// owns nothing. There is no database in this process; these are its answers.
import type { HookCalls, RoleAudit } from '../../src/hooks.ts'
import type { State, Task } from '../state.ts'

type Call = HookCalls['row-security']

export function rowSecurity(state: State, { subject, act, owner, task }: Call['asks']): Call['answers'] {
  if (subject !== null && !state.users.has(subject) && state.has('policy-raises-on-a-bad-setting'))
    return { rows: 0, text: '', error: `invalid input syntax for type uuid: "${subject}"` }
  const seesAll =
    state.has('row-security-off') || (subject === null && state.has('no-setting-sees-everything'))
  const found = state.tasks.get(owner)?.get(task)
  const isSeen = found !== undefined && (seesAll || subject === owner)
  if (act === 'insert') return answerInsert(seesAll || subject === owner)
  if (act === 'on-conflict') return answerConflict(state, found, isSeen)
  if (!isSeen) return { rows: 0, text: act === 'explain' ? 'Index Scan using task_pkey' : '', error: null }
  return { rows: act === 'explain' ? 0 : 1, text: JSON.stringify(found), error: null }
}

function answerInsert(isAllowed: boolean): Call['answers'] {
  const error = 'new row violates row-level security policy for table "task"'
  return isAllowed ? { rows: 1, text: '', error: null } : { rows: 0, text: '', error }
}

/** The key begins with the owner: nobody's insert meets another's row. Without it, DO NOTHING tells of the row. */
function answerConflict(state: State, found: Task | undefined, isSeen: boolean): Call['answers'] {
  if (found && (isSeen || state.has('one-key-for-everybodys-rows')))
    return { rows: 0, text: 'INSERT 0 0', error: null }
  return answerInsert(false)
}

export function roleAudit(state: State): RoleAudit {
  const isOwner = state.has('role-owns-its-tables')
  return {
    superuser: state.has('role-is-superuser'),
    bypasses_row_security: state.has('role-bypasses-row-security'),
    owns: isOwner ? ['todo.task'] : [],
    tables: [{ name: 'todo.task', row_security: true, forced: !isOwner }],
    excess_rights: state.has('role-may-truncate') ? ['TRUNCATE todo.task'] : [],
    views: [{ name: 'todo.open_task', security_invoker: !state.has('view-of-its-owner') }],
    functions: [
      {
        name: 'todo.empty_trash',
        security_definer: true,
        fixed_search_path: !state.has('definer-without-search-path'),
        public: false,
      },
    ],
  }
}
