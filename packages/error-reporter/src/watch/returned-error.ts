import { asErrorId } from '@fastify-scs/core/kit'

/** What a 5xx answer says of itself that was returned and not thrown. */
export interface ReturnedError {
  readonly code: string | undefined
  readonly description: string | undefined
  readonly userMessage: string | undefined
  readonly errorId: string | undefined
  /** The answer's body, when it is an Error model or problem details without an `error_id`. */
  readonly open: Readonly<Record<string, unknown>> | undefined
}

const NOTHING: ReturnedError = {
  code: undefined,
  description: undefined,
  userMessage: undefined,
  errorId: undefined,
  open: undefined,
}

// A larger body is no error, but a page or a download.
const MAX_BODY_CHARS = 65_536

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
    code: text(error) ?? text(inner.id) ?? text(id),
    description: text(error_description) ?? text(inner.message) ?? text(detail) ?? text(title),
    userMessage: text(user_message),
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

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
