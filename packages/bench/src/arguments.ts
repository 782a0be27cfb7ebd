import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface BenchArguments {
  /** Names of scenarios; none means all but those that only run by their name. */
  readonly scenarios: readonly string[]
  /** Pairs of bursts, or turns, in each round; left out it is the scenario's own choice, as are the next two. */
  readonly pairs?: number
  /** Repetitions with fresh processes. */
  readonly rounds?: number
  /** Length of a soak. */
  readonly minutes?: number
  /** Whether to print JSON instead of the table. */
  readonly json: boolean
  /** Whether a missed goal makes the run fail. */
  readonly check: boolean
  /** Root of another checkout, built, to compare this one with. @default none */
  readonly against?: string
}

/**
 * Reads the command line.
 *
 * @throws Error for an unknown option or a count that is not a whole number from 1
 */
export function parseArguments(argv: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      pairs: { type: 'string' },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      against: { type: 'string' },
    },
  })
  return {
    scenarios: positionals,
    ...countOf('pairs', values.pairs),
    ...countOf('rounds', values.rounds),
    ...countOf('minutes', values.minutes),
    json: values.json,
    check: values.check,
    ...(values.against === undefined ? {} : { against: resolve(values.against) }),
  }
}

function countOf<Option extends 'pairs' | 'rounds' | 'minutes'>(
  option: Option,
  text: string | undefined,
): { readonly [Name in Option]?: number } {
  const counts: { [Name in Option]?: number } = {}
  if (text === undefined) return counts
  if (!/^[1-9]\d*$/.test(text)) {
    throw new Error(`--${option} takes a whole number from 1, not '${text}'`)
  }
  counts[option] = Number(text)
  return counts
}
