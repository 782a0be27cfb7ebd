import { types } from 'node:util'
import type { JsonValue, JsonVisitor } from '../json/json-value.js'
import { toJsonValue } from '../json/to-json-value.js'
import { cutText } from '../kit/cut-text.js'
import type { DefinedError } from './error-definition.js'
import type { Answer } from './error-registry.js'

/** One wrong value of a request, in the `details` of a validation error. */
export type ValidationDetail = {
  /** Where: `body/items/0/price`. */
  readonly path: string
  /** What is wrong with it. */
  readonly message: string
}

/** An error as core answers it, for formats, decorators and observers. */
export interface Failure {
  /** HTTP status code of the answer, 400 to 599. */
  readonly status: number
  /** The id in the `scs` and `problem` formats: `auth-rate-limited`. */
  readonly id: string
  /** The code in the `pymacaron` format: `AUTH_RATE_LIMITED`. */
  readonly code: string
  /** What the client may read. */
  readonly message: string
  /** What happened, for developers; the message when nothing else is known. */
  readonly description: string
  /** What a user may read; only a ServiceError and an Error model have it. */
  readonly userMessage: string | undefined
  /** Any data for the client, copied into plain JSON. */
  readonly details: JsonValue | undefined
  /** The wrong values of a request that failed its validation. */
  readonly validation: readonly ValidationDetail[] | undefined
  /** What was thrown, or the Error model that was returned; undefined for an unknown route or method. */
  readonly thrown: unknown
  /** The registered error that answers, if one does. */
  readonly registered: DefinedError | undefined
  /** The id of the report about this failure, when there is one; an error of another service keeps its own. */
  readonly errorId: string | undefined
  /** A mistake of the developer's that was found while the error was classified; it is logged. */
  readonly mistake: string | undefined
  /** Whether the error came from another service: its text, status and headers are not shown. */
  readonly isUpstream: boolean
}

/** Makes a failure of an answer of the registry, with another `code` if one is given. */
export function failureOf(
  answer: Pick<Answer, 'status' | 'id' | 'code' | 'message' | 'registered'>,
  thrown: unknown,
  details?: unknown,
  code: string = answer.code,
): Failure {
  const { status, id, message, registered } = answer
  return {
    status,
    id,
    code,
    message,
    description: message,
    userMessage: undefined,
    details: toAnswerDetails(details),
    validation: undefined,
    thrown,
    registered,
    errorId: undefined,
    mistake: undefined,
    isUpstream: false,
  }
}

/** The same failure with the id of its report. Written field by field, since a spread costs ten times as much. */
export function withErrorId(failure: Failure, errorId: string): Failure {
  return {
    status: failure.status,
    id: failure.id,
    code: failure.code,
    message: failure.message,
    description: failure.description,
    userMessage: failure.userMessage,
    details: failure.details,
    validation: failure.validation,
    thrown: failure.thrown,
    registered: failure.registered,
    errorId,
    mistake: failure.mistake,
    isUpstream: failure.isUpstream,
  }
}

/** Fields that a client must not see of an error that a developer puts into the details. */
const HIDDEN = new Set(['stack', 'cause', 'errors'])

const visitor: JsonVisitor = {
  key: (key) => key,
  property: () => undefined,
  omits: (key, holder) => HIDDEN.has(key) && types.isNativeError(holder),
  string: cutText,
}

/** Copies the details of an answer into plain JSON; undefined stays undefined. */
export function toAnswerDetails(details: unknown): JsonValue | undefined {
  return details === undefined ? undefined : toJsonValue(details, undefined, visitor)
}
