import { unknownFieldsOf } from '../kit/nearest-name.js'
import { isObject, show } from '../kit/unknown-value.js'
import { isErrorObject } from '../thrown/error-object.js'
import { resumeStackTraces, suspendStackTraces } from './stack-trace.js'

/** What a thrown error has besides its registered message. */
export interface AnswerOptions {
  /** Any data for the client; copied into the answer as plain JSON. */
  readonly details?: unknown
  /** The values of the fields that the registered message names; a field that is not here is taken from the details. */
  readonly params?: Readonly<Record<string, unknown>> | undefined
  /** What led to the error, for reports and, from 500 on, the log; never sent. */
  readonly cause?: unknown
}

// Symbol.for, so that an error made by another installed copy of this package is still known.
const brand = Symbol.for('@fastify-scs/core/registry-error')
const mistakeKey = Symbol.for('@fastify-scs/core/registry-error-mistake')

/** What `abort` and the factories throw: an answer to look up in the registry of the app that handles it. */
export class RegistryError<Details = unknown> extends Error {
  /** HTTP status code; under Fastify's name, so that a foreign error handler answers it as well. */
  readonly statusCode: number
  /** The registered id; the code's default answers when there is none. */
  readonly id: string | undefined
  readonly details: Details
  /** The values of the message's fields, as they were given. */
  readonly params: Readonly<Record<string, unknown>> | undefined

  constructor(code: number, id: string | undefined, message: string, options?: AnswerOptions) {
    if (code >= 500) {
      super(message, causeOf(options))
    } else {
      const limit = suspendStackTraces()
      super(message, causeOf(options))
      resumeStackTraces(limit)
    }
    this.statusCode = code
    this.id = id
    this.details = options?.details as Details
    this.params = options?.params
  }

  static {
    Object.defineProperty(RegistryError.prototype, brand, { value: true })
  }
}

function causeOf(options: AnswerOptions | undefined): ErrorOptions | undefined {
  return options?.cause === undefined ? undefined : { cause: options.cause }
}

/** Whether an error is one to look up in the registry. */
export function isRegistryError(error: object): error is RegistryError {
  return (error as { readonly [brand]?: unknown })[brand] === true
}

/** Marks an error with a mistake that is logged when it is answered: an unknown field. */
export function markMistake(error: RegistryError, mistake: string): void {
  Object.defineProperty(error, mistakeKey, { value: mistake })
}

/** The mistake in the options that an error was made with. */
export function mistakeOf(error: RegistryError): string | undefined {
  return (error as { readonly [mistakeKey]?: string })[mistakeKey]
}

/** What `abort` takes. */
export interface AbortOptions extends AnswerOptions {
  /** A registered id of the code; the code's default answers without one. */
  readonly id?: string
  /** As Flask's `abort` has it: its fields are taken as if they were given themselves. */
  readonly description?: AnswerOptions & { readonly id?: string }
}

/** The options that an error is made with, and the mistake in them as they were given. */
export interface ReadAnswerOptions {
  readonly options: (AnswerOptions & { readonly id: string | undefined }) | undefined
  readonly mistake: string | undefined
}

type MisplacedOptions = AbortOptions & { readonly description: object }

const NONE: ReadAnswerOptions = { options: undefined, mistake: undefined }
const UNREADABLE: ReadAnswerOptions = {
  options: undefined,
  mistake: 'its options cannot be read',
}
const NO_FIELDS = { id: undefined, details: undefined, params: undefined }
const FACTORY_FIELDS: readonly string[] = ['details', 'params', 'cause']
const ABORT_FIELDS: readonly string[] = ['id', 'details', 'params', 'cause']
const MISPLACED_FIELDS: readonly string[] = [...ABORT_FIELDS, 'description']

/** Reads the options that a factory was given. */
export function readFactoryOptions(id: string, given: unknown): ReadAnswerOptions {
  const { options, mistake } = readSafely(given, FACTORY_FIELDS)
  return mistake === undefined
    ? { options, mistake }
    : { options, mistake: `the error "${id}": ${mistake}` }
}

/** Reads the options that `abort` was given, those within `description` included. */
export function readAbortOptions(code: number, given: unknown): ReadAnswerOptions {
  const { options, mistake } = readSafely(given, ABORT_FIELDS)
  return mistake === undefined
    ? { options, mistake }
    : { options, mistake: `abort(${code}): ${mistake}` }
}

function readSafely(given: unknown, known: readonly string[]): ReadAnswerOptions {
  try {
    const isOfAbort = known === ABORT_FIELDS
    return isOfAbort && isMisplaced(given) ? readMisplaced(given) : read(given, known)
  } catch {
    // A getter or a Proxy trap threw.
    return UNREADABLE
  }
}

function isMisplaced(given: unknown): given is MisplacedOptions {
  if (!hasFields(given)) return false
  const { id, description } = given as AbortOptions
  return id === undefined && hasFields(description)
}

function readMisplaced(given: MisplacedOptions): ReadAnswerOptions {
  const mistake =
    unknownFieldsOf(given, MISPLACED_FIELDS) ??
    unknownFieldsOf(given.description, ABORT_FIELDS, 'description.')
  return { options: copied({ ...given, ...given.description }), mistake }
}

function read(given: unknown, known: readonly string[]): ReadAnswerOptions {
  if (given === undefined || given === null) return NONE
  if (hasFields(given)) return { options: copied(given), mistake: unknownFieldsOf(given, known) }
  const expected = `expected an object of ${known.join(', ')}, got`
  return isErrorObject(given)
    ? {
        options: { ...NO_FIELDS, cause: given },
        mistake: `${expected} an error; it is taken as the cause`,
      }
    : { options: undefined, mistake: `${expected} ${show(given)}` }
}

/** Reads each field once, here: a getter may throw, and the error must still be made. */
function copied({ id, details, params, cause }: AbortOptions): ReadAnswerOptions['options'] {
  return { id, details, params, cause }
}

/** Whether a value is an object of options; an error is not, though it has fields. */
function hasFields(value: unknown): value is object {
  if (!isObject(value)) return false
  // Nearly always so; to ask whether a value is an error costs more.
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  return !Array.isArray(value) && !isErrorObject(value)
}
