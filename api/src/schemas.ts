// What travels in bodies and queries: the part of the contract that is about things, not about routes.
import { z } from '@hono/zod-openapi'
import { generateKeyBetween } from 'fractional-indexing'
import { isDate, isDue } from './due.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'
import { parseRule } from './recurrence-rule.ts'
import { UUID_V7 } from './uuid.ts'

const WELL_FORMED = {
  message: 'must be well-formed Unicode without U+0000',
  abort: true,
}

/** Lengths count Unicode code points; what PostgreSQL or UTF-8 cannot hold is refused, not replaced. */
function text(min: number, max: number) {
  const length = min === 0 ? `at most ${max}` : `${min} to ${max}`
  return z
    .string('must be a string')
    .refine(value => value.isWellFormed() && !value.includes('\0'), WELL_FORMED)
    .refine(value => isCodePointLength(value, min, max), `must have ${length} characters`)
    .openapi({ minLength: min, maxLength: max })
}

function isCodePointLength(value: string, min: number, max: number): boolean {
  if (value.length < min || value.length > 2 * max) return false
  return value.length <= max || [...value].length <= max
}

function orNull<Schema extends z.ZodType>(schema: Schema, message: string) {
  return z.union([schema, z.null()], { error: () => message })
}

const time = z.string().openapi({ format: 'date-time', example: '2026-11-21T09:30:00.000Z' })
const id = z.string().openapi({ format: 'uuid', description: 'A UUIDv7.' })
const reference = z.string('must be a UUIDv7').regex(UUID_V7, 'must be a UUIDv7').openapi({ format: 'uuid' })
const revision = z.int().openapi({ description: 'Rises with every change; the ETag is this in quotes.' })

const title = text(1, 200)
const description = z
  .union([text(0, 10_000), z.null()], { error: () => 'must be a string or null' })
  .openapi({
    type: ['string', 'null'],
    maxLength: 10_000,
  })
const completed = z.boolean('must be true or false')

const DUE = 'must be YYYY-MM-DD, or YYYY-MM-DDTHH:MM[Area/City], or null'
const due = orNull(z.string().refine(isDue), DUE).openapi({
  type: ['string', 'null'],
  description: 'A date, or a wall time in an IANA zone. Comparisons use the wall date.',
  example: '2026-11-24T18:30[Europe/Berlin]',
})
const priority = z
  .literal([1, 2, 3, 4], 'must be 1, 2, 3 or 4')
  .openapi({ type: 'integer', enum: [1, 2, 3, 4], description: '1 is the highest; 4 is none.' })

const TAG = /^[^\s#/,]*$/u
export const MAX_TAGS = 20
const tagName = text(1, 50).refine(name => TAG.test(name), 'must have no white space, #, / or comma')
const tags = z
  .array(tagName, 'must be a list of names')
  .max(MAX_TAGS, `must be at most ${MAX_TAGS}`)
  .openapi({ description: 'Names, compared without case. Unknown ones are made.' })

const position = z
  .string('must be a position')
  .refine(isPosition, 'must be a key of fractional-indexing, of at most 250 characters')
  .openapi({ description: 'Manual order: a key of fractional-indexing in base 62.', example: 'gTN8Zp5k' })

function isPosition(key: string): boolean {
  if (!/^[0-9A-Za-z]{2,250}$/.test(key)) return false
  try {
    return generateKeyBetween(key, null) > key
  } catch {
    return false
  }
}

const Recurrence = z.strictObject(
  {
    rule: z
      .string('must be a rule')
      .refine(
        rule => parseRule(rule) !== null,
        'must be an RFC 5545 rule of days, of at most 200 characters, such as FREQ=WEEKLY;BYDAY=TU',
      )
      .openapi({ maxLength: 200, example: 'FREQ=WEEKLY;BYDAY=TU;INTERVAL=2' }),
    from: z.enum(['schedule', 'completion'], 'must be schedule or completion'),
  },
  'must be a rule and what it counts from, or null',
)
const recurrence = Recurrence.nullable().openapi({ description: 'Needs a due date.' })

export const Task = z
  .strictObject({
    id,
    user_id: z.string(),
    title,
    description: z.string().nullable(),
    completed: z.boolean(),
    created_at: time,
    updated_at: time,
    due,
    priority,
    tags: z.array(z.string()).openapi({ description: 'Sorted.' }),
    list: id.nullable().openapi({ description: 'Null is the Inbox.' }),
    parent: id.nullable().openapi({ description: 'The task this is a subtask of.' }),
    position,
    recurrence,
    completed_at: time.nullable(),
    deleted_at: time.nullable(),
    revision,
    subtasks: z.strictObject({ total: z.int(), completed: z.int() }),
    next: id.nullable().openapi({ description: 'The occurrence made when this one was completed.' }),
  })
  .openapi('Task')

export const NewTask = z
  .strictObject({
    title,
    description: description.default(null),
    completed: completed.default(false),
    due: due.default(null),
    priority: priority.default(4),
    tags: tags.default([]),
    list: orNull(reference, 'must be a UUIDv7 or null')
      .optional()
      .openapi({ type: ['string', 'null'], description: "By default the Inbox, or the parent's list." }),
    parent: orNull(reference, 'must be a UUIDv7 or null')
      .default(null)
      .openapi({ type: ['string', 'null'] }),
    position: position.optional(),
    recurrence: recurrence.default(null),
  })
  .openapi('NewTask')

const change = {
  title: title.optional(),
  description: description.optional(),
  completed: completed.optional(),
  due: due.optional(),
  priority: priority.optional(),
  tags: tags.optional(),
  list: orNull(reference, 'must be a UUIDv7 or null')
    .optional()
    .openapi({ type: ['string', 'null'] }),
  parent: orNull(reference, 'must be a UUIDv7 or null')
    .optional()
    .openapi({ type: ['string', 'null'] }),
  position: position.optional(),
  recurrence: recurrence.optional(),
}
const NOTHING_CHANGED = 'must change at least one member'

export const TaskChange = z
  .strictObject(change)
  .refine(change => Object.keys(change).length > 0, NOTHING_CHANGED)
  .openapi('TaskChange', { minProperties: 1 })

export const MAX_CHANGES = 500

const BulkChange = z
  .strictObject({
    id: reference,
    revision: z.int('must be a revision').min(1, 'must be a revision').optional().openapi({
      description: 'The revision the task must still have.',
    }),
    ...change,
    deleted: z
      .boolean('must be true or false')
      .optional()
      .openapi({ description: 'Into the trash, or out of it.' }),
  })
  .refine(change => Object.keys(change).some(name => name !== 'id' && name !== 'revision'), NOTHING_CHANGED)
  .openapi('BulkChange')

export const BulkChanges = z
  .strictObject({
    changes: z
      .array(BulkChange, 'must be a list of changes')
      .min(1, `must be 1 to ${MAX_CHANGES}`)
      .max(MAX_CHANGES, `must be 1 to ${MAX_CHANGES}`),
  })
  .openapi('BulkChanges')

const color = z.enum(
  ['gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'indigo', 'purple', 'pink'],
  'must be a known colour',
)
const listName = text(1, 100)
const open = z.int().openapi({ description: 'How many of its tasks are open.' })

export const List = z
  .strictObject({
    id,
    name: listName,
    color,
    position,
    open,
    created_at: time,
    updated_at: time,
    revision,
  })
  .openapi('List')

export const NewList = z
  .strictObject({ name: listName, color: color.default('gray'), position: position.optional() })
  .openapi('NewList')

export const ListChange = z
  .strictObject({ name: listName.optional(), color: color.optional(), position: position.optional() })
  .refine(change => Object.keys(change).length > 0, NOTHING_CHANGED)
  .openapi('ListChange', { minProperties: 1 })

export const Tag = z
  .strictObject({ id, name: tagName, open, created_at: time, updated_at: time, revision })
  .openapi('Tag')

export const TagChange = z.strictObject({ name: tagName }).openapi('TagChange')
export const TagMerge = z.strictObject({ into: reference }).openapi('TagMerge')

export const Counts = z.strictObject({ inbox: z.int(), today: z.int(), overdue: z.int() }).openapi('Counts', {
  description: 'Open tasks. Today includes what is overdue; inbox leaves out subtasks.',
})

export const Problem = z
  .strictObject({
    type: z.string().openapi({ example: 'urn:latchkey:problem:invalid-request' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Each wrong field: a JSON pointer into the body, or a parameter or header.' }),
    id: z.string().optional().openapi({ description: 'On a 500: the request id.' }),
  })
  .openapi('Problem')

const PAGE_LIMIT = { default: 50, max: 100 }
const date = z.string('must be YYYY-MM-DD').refine(isDate, 'must be YYYY-MM-DD').openapi({ format: 'date' })

function oneOf(word: string, otherwise: string) {
  return z
    .string()
    .refine(value => value === word || UUID_V7.test(value), otherwise)
    .optional()
}

export const ListQuery = z
  .strictObject({
    limit: z
      .string()
      .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${PAGE_LIMIT.max}`)
      .transform(Number)
      .refine(limit => limit <= PAGE_LIMIT.max, `must be a whole number from 1 to ${PAGE_LIMIT.max}`)
      .default(PAGE_LIMIT.default)
      .openapi({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT.max, default: PAGE_LIMIT.default }),
    completed: z
      .enum(['true', 'false'], 'must be true or false')
      .transform(value => value === 'true')
      .optional()
      .openapi({ type: 'boolean', description: 'Only tasks that are, or are not, completed.' }),
    list: oneOf('inbox', 'must be a UUIDv7 or inbox').openapi({
      description: 'Only tasks of this list, or those of none: `inbox`.',
    }),
    tag: tagName.optional().openapi({ description: 'Only tasks with this tag, whatever its case.' }),
    due_before: date.optional().openapi({ description: 'Only tasks due on an earlier day.' }),
    due_after: date.optional().openapi({ description: 'Only tasks due on a later day.' }),
    priority: z
      .enum(['1', '2', '3', '4'], 'must be 1, 2, 3 or 4')
      .transform(Number)
      .optional()
      .openapi({ type: 'integer', minimum: 1, maximum: 4 }),
    parent: oneOf('none', 'must be a UUIDv7 or none').openapi({
      description: 'Only subtasks of this task, or those that are no subtasks: `none`.',
    }),
    q: text(1, 200)
      .optional()
      .openapi({ description: 'Words to find at the beginning of words, in title or description.' }),
    trash: z
      .literal('true', 'must be true')
      .transform(() => true)
      .optional()
      .openapi({ type: 'boolean', description: 'What is in the trash, instead of what is not.' }),
    sort: z
      .enum(
        ['newest', 'due', 'position', 'priority', 'completed', 'deleted'],
        'must be newest, due, position, priority, completed or deleted',
      )
      .default('newest')
      .openapi({ description: 'By due, undated last; by completed and deleted, latest first.' }),
    cursor: z.string().optional().openapi({ description: 'From the link to the next page.' }),
  })
  .refine(query => query.sort !== 'deleted' || query.trash, {
    path: ['sort'],
    message: 'must not be deleted without trash=true',
  })

export const CountsQuery = z.strictObject({
  today: date.openapi({ description: 'The day it is where the user is.' }),
})

export type Content = z.output<typeof NewTask>
export type Task = z.infer<typeof Task>
/** What a client sends to create or replace a task. */
export type NewTask = z.input<typeof NewTask>
/** What a client sends to change a task: at least one member. */
export type TaskChange = z.input<typeof TaskChange>
/** One change among many: a task's id, and at least one member. */
export type BulkChange = z.input<typeof BulkChange>
export type Recurrence = z.infer<typeof Recurrence>
export type List = z.infer<typeof List>
export type NewList = z.input<typeof NewList>
export type ListChange = z.input<typeof ListChange>
export type Color = z.infer<typeof color>
export type Tag = z.infer<typeof Tag>
export type Counts = z.infer<typeof Counts>
/** The parameters of a list as they stand in its address. */
export type ListQuery = z.input<typeof ListQuery>
export type Problem = z.infer<typeof Problem>
