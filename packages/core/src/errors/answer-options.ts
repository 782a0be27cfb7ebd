import { unknownFieldsOf } from '../kit/unknown-fields.js'
import { show } from '../kit/unknown-value.js'
import { isErrorObject } from '../thrown/error-object.js'
import type { AnswerOptions } from './registry-error.js'

/** What `abort` takes. */
export interface AbortOptions extends AnswerOptions {
  /** A registered id of the code; the code's default answers without one. */
  readonly id?: string
  /** Where Flask's `abort` has the id: the same as giving what is in it. */
  readonly description?: AnswerOptions & { readonly id?: string }
}

/** The options that an error is made with, and what was wrong about them as they were given. */
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
const NO_FIELDS = { id: undefined, details: undefined }
const FACTORY_FIELDS: readonly string[] = ['details', 'cause']
const ABORT_FIELDS: readonly string[] = ['id', 'details', 'cause']
const MISPLACED_FIELDS: readonly string[] = [...ABORT_FIELDS, 'description']

/** Reads what a factory was given. */
export function readFactoryOptions(id: string, given: unknown): ReadAnswerOptions {
  const { options, mistake } = readSafely(given, FACTORY_FIELDS)
  return mistake === undefined
    ? { options, mistake }
    : { options, mistake: `the error "${id}": ${mistake}` }
}

/** Reads what `abort` was given; what stands within a description is taken out of it. */
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

/** Each field is read here, and once: a getter may throw, and the error must still be made. */
function copied({ id, details, cause }: AbortOptions): ReadAnswerOptions['options'] {
  return { id, details, cause }
}

/** Whether a value has fields that were meant to be read; an error has some, but they are its own. */
function hasFields(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  // Nearly always; asking whether a value is an error costs more.
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  return !Array.isArray(value) && !isErrorObject(value)
}
