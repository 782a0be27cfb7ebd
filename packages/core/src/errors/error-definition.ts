import { STATUS_CODES } from 'node:http'
import { DefinitionError } from '../errors.js'
import { show } from '../kit/unknown-value.js'
import {
  type DetailsOf,
  type DetailsSchema,
  isDetailsSchema,
  typeBeyondJson,
} from './details-schema.js'
import { fillMessage, templateOfMessage } from './error-message.js'
import type { FactoryArguments } from './factory-options.js'
import {
  type AbortOptions,
  markMistake,
  RegistryError,
  readAbortOptions,
  readFactoryOptions,
} from './registry-error.js'

/** One error answer: a status code, its id and the message that clients read. From SCS `register_error`. */
export interface ErrorDefinition<
  Id extends string = string,
  Message extends string = string,
  Schema extends DetailsSchema = DetailsSchema,
> {
  /** HTTP status code, 400 to 599. */
  readonly code: number
  /** The id that clients match on, by convention prefixed with the package name: `auth-rate-limited`. */
  readonly id: Id
  /** The message that clients get. `{field}` is filled in when the error is thrown; `{{` and `}}` stand for a brace. */
  readonly message: Message
  /** Whether it is the default of its code, used where no id is given. @default false, and the first one registered is the default */
  readonly isDefault?: boolean
  /** The TypeBox schema of its details, for the types of `throw soldOut({ details })`, of clients, and for OpenAPI. @default any details, or none */
  readonly details?: Schema
}

/**
 * The call of a factory. Written as a method, whose arguments TypeScript compares in both directions: so a list of `DefinedError` may
 * have errors of all kinds of details, as the route option `throws` has.
 */
type Factory<Message extends string, Schema extends DetailsSchema> = {
  make(...options: FactoryArguments<Message, Schema>): RegistryError<DetailsOf<Schema>>
}['make']

/**
 * A definition that can be called: `throw rateLimited({ details, params, cause })` makes the error to throw; below 500 it carries no
 * stack trace.
 */
export interface DefinedError<
  Id extends string = string,
  Message extends string = string,
  Schema extends DetailsSchema = DetailsSchema,
> extends ErrorDefinition<Id, Message, Schema>,
    Factory<Message, Schema> {}

/**
 * Makes an error definition at module level, without an app; `app.scs.registerError` takes it.
 *
 * @throws SCS_ERR_DEFINITION when a field is wrong; SCS_ERR_TEMPLATE when the message has a brace that is no field's
 */
export function defineError<
  const Id extends string,
  const Message extends string,
  Schema extends DetailsSchema = DetailsSchema,
>(definition: ErrorDefinition<Id, Message, Schema>): DefinedError<Id, Message, Schema> {
  const { code, id, message, isDefault, details } = checkErrorDefinition('defineError', definition)
  const template = templateOfMessage(id, message)
  const make = (given?: unknown): RegistryError<DetailsOf<Schema>> => {
    const { options, mistake } = readFactoryOptions(id, given)
    const text =
      template === undefined
        ? message
        : fillMessage(template, options?.params, options?.details).text
    const error = new RegistryError<DetailsOf<Schema>>(code, id, text, options)
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
 * @param given `id` of a registered error, the code's default when left out; `details` for the client; `params` for the fields of the message
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
export function checkErrorDefinition<Definition extends ErrorDefinition>(
  call: string,
  definition: Definition,
): Definition {
  if ((typeof definition !== 'object' && typeof definition !== 'function') || definition === null) {
    throw new DefinitionError(call, 'definition', '{ code, id, message }', show(definition))
  }
  checkCode(call, definition.code)
  checkText(call, 'id', definition.id)
  checkText(call, 'message', definition.message)
  const { isDefault, details } = definition
  if (isDefault !== undefined && typeof isDefault !== 'boolean') {
    throw new DefinitionError(call, 'isDefault', 'true or false', show(isDefault))
  }
  if (details !== undefined && !isDetailsSchema(details)) {
    throw new DefinitionError(call, 'details', 'a schema of @sinclair/typebox', show(details))
  }
  const beyond = typeBeyondJson(details)
  if (beyond !== undefined) {
    const expected = 'a schema of what JSON has, since clients get JSON'
    throw new DefinitionError(call, 'details', expected, `one with the type ${show(beyond)}`)
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
