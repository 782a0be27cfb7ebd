import { parseArgs } from 'node:util'

/** Chosen so that a scenario takes about half a minute. */
export const DEFAULT_PAIRS = 60
/** See {@link DEFAULT_PAIRS}. */
export const DEFAULT_ROUNDS = 6

/** What the command line asks for. */
export interface BenchArguments {
  /** Names of scenarios; none means all. */
  readonly scenarios: readonly string[]
  /** Pairs of bursts in each round. */
  readonly pairs: number
  /** Repetitions with fresh processes. */
  readonly rounds: number
  /** Whether to print JSON instead of the table. */
  readonly json: boolean
  /** Whether a missed goal makes the run fail. */
  readonly check: boolean
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
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  })
  return {
    scenarios: positionals,
    pairs: parseCount('--pairs', values.pairs, DEFAULT_PAIRS),
    rounds: parseCount('--rounds', values.rounds, DEFAULT_ROUNDS),
    json: values.json,
    check: values.check,
  }
}

function parseCount(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^[1-9]\d*$/.test(text)) {
    throw new Error(`${option} takes a whole number from 1, not '${text}'`)
  }
  return Number(text)
}
