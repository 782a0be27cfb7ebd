import type { QueriesFact, QueryRun } from '@fastify-scs/core/kit'
import type { SeededRandom } from './seeded-random.js'

/** A statement that a request runs before it fails, or is slow. */
export interface SeedStatement {
  readonly text: string
  /** @default 'postgresql' */
  readonly system?: string
  /** @default 1 */
  readonly times?: number
  /** How long a run usually takes, in milliseconds. */
  readonly medianMs: number
  readonly rows?: number
  /** What the last run of it fails by. */
  readonly errorCode?: string
}

/** As often as this, and query-log says that a statement is repeated. */
const REPEATED_FROM = 5

/** The queries of a request, one after the other, as query-log notes them. */
export function queriesFrom(
  random: SeededRandom,
  statements: readonly SeedStatement[],
  beginsAt: number,
): QueriesFact {
  let at = beginsAt
  const list: QueryRun[] = []
  const noted = statements.map((given, statement) => {
    const { text, system = 'postgresql', times = 1, medianMs, rows = null, errorCode } = given
    const firstAt = at
    for (let run = 1; run <= times; run++) {
      const durationMs = random.latencyMs(medianMs)
      const failedBy = run === times && errorCode !== undefined ? errorCode : null
      list.push({
        statement,
        at: rounded(at),
        durationMs,
        waitMs: system === 'postgresql' ? 0 : null,
        rows: failedBy === null ? rows : null,
        errorCode: failedBy,
      })
      at += durationMs
    }
    const durationMs = rounded(at - firstAt)
    return { system, text, times, durationMs, isRepeated: times >= REPEATED_FROM }
  })
  const durationMs = rounded(at - beginsAt)
  return { count: list.length, leftOut: 0, durationMs, statements: noted, list }
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
