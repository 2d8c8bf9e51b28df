// Decides whether a run of the tests counts: nothing failed, nothing was left out, every requirement was shown.
import type { TestEvent } from 'node:test/reporters'
import { requirementsIn } from './requirements.ts'

type Options = {
  /** The numbers that must each be in the title of a passed test. */
  requirements: readonly string[]
  /** The part of the product a test file belongs to. */
  partOf(file: string): string
}

export function createJudge({ requirements, partOf }: Options) {
  const unshown = new Set(requirements)
  const seconds = new Map<string, number>()
  const leftOut: string[] = []
  const empty: string[] = []
  let passed = 0
  const failed = new Set<string>()
  let isEnding = false

  const note = ({ type, data }: TestEvent): void => {
    if (type === 'test:summary' && data.file) {
      const part = partOf(data.file)
      seconds.set(part, (seconds.get(part) ?? 0) + data.duration_ms / 1000)
    }
    if (type === 'test:fail') failed.add(data.file ?? '')
    if (type !== 'test:pass' || data.details.type === 'suite') return
    // A file without any test is reported as one test that has the file's name.
    if (data.name === data.file) return void empty.push(data.name)
    if (data.skip !== undefined || data.todo !== undefined) return void leftOut.push(data.name)
    passed++
    for (const number of requirementsIn(data.name)) unshown.delete(number)
  }

  const faults = () => [
    ...(passed === 0 ? ['no test has run'] : []),
    ...(empty.length > 0 ? [`no test in ${empty.join(', ')}`] : []),
    ...(leftOut.length > 0 ? [`skipped or not done: ${leftOut.join('; ')}`] : []),
    ...(unshown.size > 0 ? [`no passed test names: ${[...unshown].join(', ')}`] : []),
  ]

  const report = () => [
    ...Array.from(seconds, ([part, time]) => diagnostic(`${part}: ${time.toFixed(1)} s`, 'info')),
    ...faults().map(fault => diagnostic(fault, 'error')),
  ]

  /** Hands the runner's events on, and says the verdict before its closing lines. */
  async function* watch(events: AsyncIterable<TestEvent>): AsyncIterable<TestEvent> {
    isEnding = false
    for await (const event of events) {
      note(event)
      if (isClosingLine(event) && !isEnding) {
        isEnding = true
        yield* report()
      }
      yield event
    }
  }

  return {
    watch,
    failedFiles: () => [...failed],
    /** What runs again is judged by how it ends then. */
    forget: (file: string) => failed.delete(file),
    hasPassed: () => failed.size === 0 && faults().length === 0,
  }
}

/** The runner's own closing lines begin with the number of tests of the whole run. */
function isClosingLine({ type, data }: TestEvent): boolean {
  return type === 'test:diagnostic' && data.nesting === 0 && /^tests \d+$/.test(data.message)
}

function diagnostic(message: string, level: 'info' | 'error'): TestEvent {
  return { type: 'test:diagnostic', data: { nesting: 0, message, level } } as TestEvent
}
