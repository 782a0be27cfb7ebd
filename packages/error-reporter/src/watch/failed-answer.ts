import { STATUS_CODES } from 'node:http'
import type { Failure } from '@fastify-scs/core'
import { isUpstreamError } from '@fastify-scs/core/kit'
import { traitsOf } from '../groups/error-traits.js'
import type { ReturnedError } from './returned-error.js'

/** What a 5xx answer says, as far as it is known when the crash is seen. */
export interface AnswerFacts {
  readonly status: number
  readonly code: string
  readonly description: string
  readonly userMessage: string | null
  /** The names that `ignore.ids` is compared with. */
  readonly names: readonly string[]
}

/** The facts of a failure that core answers. */
export function factsOfFailure(failure: Failure): AnswerFacts {
  const { status, code, id, description, userMessage } = failure
  return { status, code, description, userMessage: userMessage ?? null, names: [id, code] }
}

/** The facts of an answer that core has not made: returned, or made by another error handler. */
export function factsOfAnswer(
  status: number,
  thrown: unknown,
  returned: ReturnedError | undefined,
): AnswerFacts {
  const name = STATUS_CODES[status] ?? 'Unknown error'
  const ofError = thrown === undefined || thrown === null ? '' : traitsOf(thrown).code
  const ofStatus = status === 500 ? 'SERVER_ERROR' : name.toUpperCase().replace(/\W+/g, '_')
  const code = (returned?.code ?? ofError) || ofStatus
  return {
    status,
    code,
    description: returned?.description ?? name,
    userMessage: returned?.userMessage ?? null,
    names: [code, ofError],
  }
}

/** The status of an error that nobody answers any more, by its own word; another service's word is none. */
export function statusOfThrown(thrown: unknown): number {
  if (isUpstreamError(thrown)) return 502
  try {
    const { statusCode, status } = (thrown ?? {}) as { statusCode?: unknown; status?: unknown }
    const own = [statusCode, status].find((value) => typeof value === 'number')
    return own !== undefined && (own as number) >= 400 && (own as number) <= 599
      ? (own as number)
      : 500
  } catch {
    // A getter or a Proxy trap threw.
    return 500
  }
}
