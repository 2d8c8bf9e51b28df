import { parseArgs } from 'node:util'
import { UsageFault } from './faults.ts'

export const USAGE = `latchkey-conformance --profile my-api.yaml [options]
Judges an API's tokens and isolation from outside, against written requirements.

  --profile FILE          what the target is: see profiles/ for commented examples
  --json FILE             the result as a document (schemas/report.json); - is standard output
  --junit FILE            the result for a CI system
  --html FILE             the result as one page
  --only ROWS             T-031, T-03*, T-001..T-009; several by commas, may be given again
  --skip ROWS             all but these
  --seed TEXT             the values of an earlier run again
  --jobs N                checks at a time (4)
  --minutes N             the run ends after so long, with what it has (60)
  --require-tier TIERS    K,C,L,B,0 or all: a row of these that was not run fails the run
  --known-failures FILE   rows that may fall short, with a reason each; one that holds fails the run
  --yes                   also checks that may harm a target that is not on this machine
  --show-tokens           writes tokens of real accounts out in full
  --explain ROW           why the row exists and how to fix it, in TypeScript and Python
  --list                  the rows, and with --profile what would become of each
  --help, --version

Ends with 0 when all that was run held, 1 when something fell short, 2 when it could not run.
`

export interface Options {
  profile?: string
  json?: string
  junit?: string
  html?: string
  only: string[]
  skip: string[]
  seed?: string
  jobs: number
  minutes: number
  requireTier: string[]
  knownFailures?: string
  yes: boolean
  showTokens: boolean
  explain: string[]
  list: boolean
  help: boolean
  version: boolean
}

const TIERS = ['0', 'K', 'C', 'L', 'B', 'all']

export function readCommandLine(args: string[]): Options {
  const { 'require-tier': tiers, 'known-failures': knownFailures, ...values } = parse(args)
  return {
    ...values,
    knownFailures,
    showTokens: values['show-tokens'],
    jobs: readNumber('jobs', values.jobs),
    minutes: readNumber('minutes', values.minutes),
    requireTier: readTiers(tiers),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        profile: { type: 'string' },
        json: { type: 'string' },
        junit: { type: 'string' },
        html: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        skip: { type: 'string', multiple: true, default: [] },
        seed: { type: 'string' },
        jobs: { type: 'string', default: '4' },
        minutes: { type: 'string', default: '60' },
        'require-tier': { type: 'string', multiple: true, default: [] },
        'known-failures': { type: 'string' },
        yes: { type: 'boolean', default: false },
        'show-tokens': { type: 'boolean', default: false },
        explain: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageFault((error as Error).message)
  }
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (!(number >= 1) || number > 1_440) throw new UsageFault(`--${name} is a number from 1, not ${text}`)
  return number
}

function readTiers(given: string[]): string[] {
  const tiers = given
    .flatMap(text => text.split(','))
    .map(text => (text === 'all' ? text : text.toUpperCase()))
  const unknown = tiers.find(tier => !TIERS.includes(tier))
  if (unknown !== undefined)
    throw new UsageFault(`--require-tier is one of ${TIERS.join(', ')}, not ${unknown}`)
  return tiers
}
