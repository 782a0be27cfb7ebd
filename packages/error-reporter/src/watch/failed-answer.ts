import { STATUS_CODES } from 'node:http'
import type { Failure } from '@fastify-scs/core'
import { asErrorId, findInCauses, isUpstreamError } from '@fastify-scs/core/kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { traitsOf } from '../groups/error-traits.js'

/** A larger body is no error, but a page or a download. */
const MAX_BODY_CHARS = 65_536

/** An answer of 500 or above, or one that has broken off. */
export interface FailedAnswer {
  readonly request: FastifyRequest
  /** Null in a context whose hooks the plugin could not set. */
  readonly reply: FastifyReply | null
  /** Undefined for an answer that was returned without an error. */
  readonly thrown: unknown
  readonly answer: AnswerFacts
  /** The error id, if the answer or the error has one already. */
  readonly errorId: string | undefined
  /** Whether the answer had begun and is cut off. */
  readonly isInterrupted: boolean
}

/** What a failed answer tells the client. */
export interface AnswerFacts {
  readonly status: number
  readonly code: string
  readonly description: string
  readonly userMessage: string | null
  /** The ids and codes that the option `ignore.ids` is compared with. */
  readonly names: readonly string[]
}

/** What the body of a 5xx tells that was returned and not thrown. */
export interface ReturnedError {
  readonly code: string | undefined
  readonly description: string | undefined
  readonly userMessage: string | undefined
  readonly errorId: string | undefined
  /** The body, when it is an Error model or problem details without an `error_id`: one is added to it. */
  readonly open: Readonly<Record<string, unknown>> | undefined
}

const NOTHING: ReturnedError = {
  code: undefined,
  description: undefined,
  userMessage: undefined,
  errorId: undefined,
  open: undefined,
}

/** What core answers to a failure. */
export function factsOfFailure(failure: Failure): AnswerFacts {
  const { status, code, id, description, userMessage } = failure
  return { status, code, description, userMessage: userMessage ?? null, names: [id, code] }
}

/** What an answer tells that core has not made: one that was returned, or made by another error handler. */
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

/**
 * The status that an error asks for, 500 if it asks for none. Used when the answer cannot be changed any more. An error that
 * another service gave to us is a 502, whatever its status.
 */
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

/**
 * The error id that an error has brought along from the service where it began: its own `error_id`, or that of one of its
 * causes. Never throws.
 */
export function forwardedErrorId(thrown: unknown): string | undefined {
  return findInCauses(thrown, (error) => {
    const { error_id, errorId } = error as Record<string, unknown>
    return asErrorId(error_id) ?? asErrorId(errorId)
  })
}

/** Reads a serialized body as an Error model, problem details or the `scs` format. */
export function readReturnedError(payload: unknown): ReturnedError {
  const body = parseObject(payload)
  if (body === undefined) return NOTHING
  const { error, error_description, user_message, status, title, detail, id, error_id } = body
  const errorId = asErrorId(error_id)
  const hasStatus = typeof status === 'number' || typeof status === 'string'
  const isModel = hasStatus && (typeof error === 'string' || typeof title === 'string')
  const inner = typeof error === 'object' && error !== null ? (error as typeof body) : {}
  return {
    code: nonEmpty(error) ?? nonEmpty(inner.id) ?? nonEmpty(id),
    description:
      nonEmpty(error_description) ?? nonEmpty(inner.message) ?? nonEmpty(detail) ?? nonEmpty(title),
    userMessage: nonEmpty(user_message),
    errorId,
    open: isModel && errorId === undefined ? body : undefined,
  }
}

function parseObject(payload: unknown): Record<string, unknown> | undefined {
  if (typeof payload !== 'string' || payload.length > MAX_BODY_CHARS) return undefined
  if (!payload.startsWith('{')) return undefined
  try {
    return JSON.parse(payload) as Record<string, unknown>
  } catch {
    // The body only looks like JSON.
    return undefined
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
