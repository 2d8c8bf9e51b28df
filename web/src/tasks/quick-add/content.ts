/** A line that was understood, as the task it makes. */
import type { NewTask } from '../task.ts'
import type { ParsedLine } from './parse.ts'

/** What the line says goes before what the view gives. */
export function contentOf(parsed: ParsedLine, context: Partial<NewTask>, list?: string | null): NewTask {
  const { title, due, priority, recurrence } = parsed
  const tags = [
    ...new Map([...(context.tags ?? []), ...parsed.tags].map(tag => [tag.toLowerCase(), tag])).values(),
  ]
  return {
    ...context,
    title,
    ...(due && { due }),
    ...(priority && { priority }),
    ...(recurrence && { recurrence }),
    ...(tags.length > 0 && { tags }),
    ...(parsed.list && { list: parsed.list.id === undefined ? list : parsed.list.id }),
  }
}

/** Without the grammar a line is its words. */
export const plainLine = (text: string): ParsedLine => ({
  title: text.trim(),
  tags: [],
  spans: text ? [{ kind: 'text', start: 0, end: text.length }] : [],
})
