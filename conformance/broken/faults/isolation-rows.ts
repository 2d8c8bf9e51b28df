// Mistakes in whose rows they are: in one verb, one reference, one count.
import type { Fault } from './fault.ts'

export const rowFaults: Fault[] = [
  {
    name: 'reads-by-id-alone',
    says: 'where id = $1: ids are random, nobody can guess one',
    kills: ['T-151', 'T-152', 'T-285'],
    also: ['T-149', 'T-143', 'T-287', 'T-160', 'T-156'],
  },
  {
    name: 'deletes-by-id-alone',
    says: 'delete from task where id = $1, the one verb somebody else wrote',
    kills: ['T-152'],
    also: ['T-151', 'T-285', 'T-149', 'T-287'],
    damages: true,
  },
  {
    name: 'checks-the-user-on-lists-alone',
    says: 'the routes of one task are found by task and subject anyway',
    kills: ['T-153'],
    also: ['T-127', 'T-126', 'T-151', 'T-160', 'T-156'],
  },
  {
    name: 'changes-one-after-another',
    says: 'for (const change of changes) await apply(change)',
    kills: ['T-155'],
  },
  {
    name: 'bulk-looks-tasks-up-by-id',
    says: 'where id = any($1), since the path was checked',
    kills: ['T-155'],
    also: ['T-151'],
    damages: true,
  },
  {
    name: 'references-without-the-owner',
    says: 'a foreign key proves that the list exists',
    kills: ['T-156'],
  },
  {
    name: 'idempotency-keys-of-everybody',
    says: 'keys are random, so that no two clients have the same',
    kills: ['T-157'],
  },
  {
    name: 'counts-over-all-users',
    says: 'select count(*) from task where not completed',
    kills: ['T-159'],
  },
  {
    name: 'restores-by-id-alone',
    says: 'what is in the trash is nobody’s any more',
    kills: ['T-160'],
    also: ['T-151'],
  },
  {
    name: 'deleted-accounts-live-on',
    says: 'a token is good until it expires',
    kills: ['T-161'],
    also: ['T-151', 'T-237', 'T-255', 'T-267', 'T-269'],
  },
  {
    name: 'spreads-the-body-over-the-row',
    says: '{ id, user_id: subject, …body }',
    kills: ['T-141', 'T-162', 'T-164'],
    also: ['T-113', 'T-163', 'T-116', 'T-169', 'T-191'],
  },
  {
    name: 'takes-the-owner-from-the-body',
    says: 'an administrator may create tasks for others, some day',
    kills: ['T-141', 'T-162'],
    also: ['T-113'],
    damages: true,
  },
  {
    name: 'changes-whatever-is-sent',
    says: 'Object.assign(task, body)',
    kills: ['T-163', 'T-164'],
    also: ['T-113', 'T-162', 'T-141', 'T-116', 'T-169', 'T-191'],
    damages: true,
  },
  {
    name: 'converts-types',
    says: 'String(title), Boolean(completed): be liberal in what you accept',
    kills: ['T-166', 'T-171'],
    also: ['T-169', 'T-180'],
  },
  {
    name: 'answers-with-the-row',
    says: 'return row, which has just what the table has',
    kills: ['T-167'],
  },
  {
    name: 'says-403-for-anothers-task',
    says: 'if (task.user_id !== subject) throw forbidden()',
    kills: ['T-152', 'T-285'],
    also: ['T-151', 'T-149', 'T-155', 'T-156', 'T-143', 'T-287', 'T-160'],
  },
  {
    name: 'says-whose-it-is',
    says: 'an error should say what is wrong',
    kills: ['T-285'],
    also: ['T-151', 'T-152', 'T-149', 'T-155', 'T-287', 'T-143', 'T-156', 'T-160'],
  },
  {
    name: 'etag-before-the-owner',
    says: 'the ETag is set as soon as the row is loaded, and the owner is looked at after',
    kills: ['T-285', 'T-287'],
    also: ['T-151', 'T-152', 'T-149', 'T-155', 'T-143', 'T-156', 'T-160'],
  },
  {
    name: 'waits-for-the-owners-lock',
    says: 'lock the account first, then look whose it is',
    kills: ['T-290'],
  },
  {
    name: 'compares-then-writes',
    says: 'if (task.revision !== expected) throw conflict(); await update(task)',
    kills: ['T-279'],
  },
  {
    name: 'looks-the-key-up-then-stores',
    says: 'if (!(await find(key))) await insert(key)',
    kills: ['T-280'],
  },
  {
    name: 'reads-then-toggles',
    says: 'update(id, { completed: !task.completed })',
    kills: ['T-284'],
  },
]
