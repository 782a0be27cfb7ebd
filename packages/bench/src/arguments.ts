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
  /** Whether to print one Markdown table instead, for docs/performance.md. @default false */
  readonly markdown?: true
  /** Whether a goal that is missed by more than the noise makes the run fail. */
  readonly check: boolean
  /** The Node that everything runs with: a version such as `24`, or the path of a binary. @default the one that runs this */
  readonly node?: string
  /** Root of another checkout, built, whose packages are measured in place of this one's. @default none */
  readonly with?: string
  /** Root of another checkout, built, to compare this one with. @default none */
  readonly against?: string
}

const OPTIONS = {
  allowPositionals: true,
  options: {
    pairs: { type: 'string' },
    rounds: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    node: { type: 'string' },
    with: { type: 'string' },
    against: { type: 'string' },
  },
} as const

/** Options that say where a run takes place; the process that runs there gets the others. */
const PLACE = new Set(['node', 'with'])

/** The command line without `--node` and `--with`. */
export function withoutPlace(argv: readonly string[]): string[] {
  const { tokens } = parseArgs({ args: [...argv], ...OPTIONS, tokens: true })
  return tokens.flatMap((token) => {
    if (token.kind === 'positional') return [token.value]
    if (token.kind !== 'option' || PLACE.has(token.name)) return []
    return token.value === undefined ? [token.rawName] : [`${token.rawName}=${token.value}`]
  })
}

/**
 * Reads the command line.
 *
 * @throws Error for an unknown option or a count that is not a whole number from 1
 */
export function parseArguments(argv: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({ args: [...argv], ...OPTIONS })
  return {
    scenarios: positionals,
    ...countOf('pairs', values.pairs),
    ...countOf('rounds', values.rounds),
    ...countOf('minutes', values.minutes),
    json: values.json,
    ...(values.markdown ? { markdown: true } : {}),
    check: values.check,
    ...(values.node === undefined ? {} : { node: values.node }),
    ...(values.with === undefined ? {} : { with: resolve(values.with) }),
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
