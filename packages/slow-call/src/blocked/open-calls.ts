import type { JsonValue } from '@fastify-scs/core'
import type { QueriesFact } from '@fastify-scs/core/kit'

/** Open calls that a report names. */
const MAX_OPEN = 20

type Fields = { readonly [name: string]: JsonValue }

/**
 * The outbound calls and queries of a request that were open while the loop was blocked, as its facts describe them. `since` is when the
 * loop was last alive, in milliseconds since 1970: what had ended by then is left out.
 */
export function openCallsOf(
  facts: Readonly<Record<string, JsonValue>>,
  since: number,
): JsonValue[] {
  const calls = Array.isArray(facts.outbound_calls) ? facts.outbound_calls : []
  const open = calls.filter((call) => {
    if (!isFields(call) || typeof call.createdAt !== 'string') return false
    return isOpen(Date.parse(call.createdAt), call.durationMs, since)
  })
  return [...open, ...openQueries(facts.queries, since)].slice(0, MAX_OPEN)
}

function openQueries(fact: JsonValue | undefined, since: number): JsonValue[] {
  if (fact === undefined || !isFields(fact)) return []
  const { list, statements } = fact as Partial<QueriesFact>
  if (!Array.isArray(list) || !Array.isArray(statements)) return []
  return list
    .filter((run) => isFields(run) && isOpen(run.at, run.durationMs, since))
    .map((run) => {
      const statement = statements[run.statement]
      return { system: statement?.system ?? null, query: statement?.text ?? null, ...run }
    })
}

function isOpen(startedAt: number, durationMs: JsonValue | undefined, since: number): boolean {
  return typeof durationMs !== 'number' || startedAt + durationMs > since
}

function isFields(value: JsonValue): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
