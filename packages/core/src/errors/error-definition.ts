import { STATUS_CODES } from 'node:http'
import type { TSchema } from '@sinclair/typebox'
import { DefinitionError } from '../errors.js'
import { show } from '../kit/unknown-value.js'
import {
  type AbortOptions,
  type AnswerOptions,
  markMistake,
  RegistryError,
  readAbortOptions,
  readFactoryOptions,
} from './registry-error.js'

/** One error answer: a status code, its id and the message that clients read. From SCS `register_error`. */
export interface ErrorDefinition {
  /** HTTP status code, 400 to 599. */
  readonly code: number
  /** The id that clients match on, by convention prefixed with the package name: `auth-rate-limited`. */
  readonly id: string
  /** The message that clients get, unchanged. */
  readonly message: string
  /** Whether it is the default of its code, used where no id is given. @default false, and the first one registered is the default */
  readonly isDefault?: boolean
  /** The TypeBox schema of its details, for the types of `throw soldOut({ details })`, of clients, and for OpenAPI. @default any details, or none */
  readonly details?: TSchema
}

/** A definition that can be called: `throw rateLimited({ details })`. */
export interface DefinedError extends ErrorDefinition {
  /** Makes the error to throw; below 500 it carries no stack trace. */
  (options?: AnswerOptions): RegistryError
}

/**
 * Makes an error definition at module level, without an app; `app.scs.registerError` takes it.
 *
 * @throws SCS_ERR_DEFINITION when a field is wrong
 */
export function defineError(definition: ErrorDefinition): DefinedError {
  const { code, id, message, isDefault, details } = checkErrorDefinition('defineError', definition)
  const make = (given?: AnswerOptions): RegistryError => {
    const { options, mistake } = readFactoryOptions(id, given)
    const error = new RegistryError(code, id, message, options)
    if (mistake !== undefined) markMistake(error, mistake)
    return error
  }
  const chosen = isDefault === true ? { isDefault } : {}
  const described = details === undefined ? {} : { details }
  return Object.freeze(Object.assign(make, { code, id, message, ...chosen, ...described }))
}

/** Whether this is what `defineError` or `registerError` returned. */
export function isDefinedError(value: unknown): value is DefinedError {
  return typeof value === 'function' && 'code' in value && 'id' in value && 'message' in value
}

/**
 * Ends the current request with the answer that is registered for a code, by throwing. From Flask's `abort` as SCS uses it. An
 * unknown field is logged as an error; the request is answered all the same.
 *
 * @param code HTTP status code, 400 to 599
 * @param given `id` of a registered error, the code's default when left out; `details` for the client
 * @throws SCS_ERR_DEFINITION when the code or the id is wrong, otherwise the error that core answers
 */
export function abort(code: number, given?: AbortOptions): never {
  checkCode('abort', code)
  const { options, mistake } = readAbortOptions(code, given)
  const id = options?.id
  if (id !== undefined) checkText('abort', 'id', id)
  const error = new RegistryError(code, id, STATUS_CODES[code] ?? 'Error', options)
  if (mistake !== undefined) markMistake(error, mistake)
  throw error
}

/** Checks the fields of a definition and returns it. */
export function checkErrorDefinition(call: string, definition: ErrorDefinition): ErrorDefinition {
  if ((typeof definition !== 'object' && typeof definition !== 'function') || definition === null) {
    throw new DefinitionError(call, 'definition', '{ code, id, message }', show(definition))
  }
  checkCode(call, definition.code)
  checkText(call, 'id', definition.id)
  checkText(call, 'message', definition.message)
  const { isDefault } = definition
  if (isDefault !== undefined && typeof isDefault !== 'boolean') {
    throw new DefinitionError(call, 'isDefault', 'true or false', show(isDefault))
  }
  return definition
}

/** Checks that a field is a non-empty string. */
export function checkText(call: string, field: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new DefinitionError(call, field, 'a non-empty string', show(value))
  }
}

/** Checks that a field is a status code of an error. */
export function checkCode(call: string, value: unknown, field = 'code'): asserts value is number {
  if (!isErrorStatus(value)) {
    throw new DefinitionError(call, field, 'a whole number from 400 to 599', show(value))
  }
}

/** Whether a value is an HTTP status code of an error. */
export function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599
}
