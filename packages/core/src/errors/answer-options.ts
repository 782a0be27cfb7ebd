import { show } from '../show.js'
import { isErrorObject } from '../thrown/error-object.js'
import { unknownFieldsOf } from '../unknown-fields.js'
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
  readonly options: Omit<AbortOptions, 'description'> | undefined
  readonly mistake: string | undefined
}

type MisplacedOptions = AbortOptions & { readonly description: object }

const NONE: ReadAnswerOptions = { options: undefined, mistake: undefined }
const FACTORY_FIELDS: readonly string[] = ['details', 'cause']
const ABORT_FIELDS: readonly string[] = ['id', 'details', 'cause']
const MISPLACED_FIELDS: readonly string[] = [...ABORT_FIELDS, 'description']

/** Reads what a factory was given. */
export function readFactoryOptions(id: string, given: unknown): ReadAnswerOptions {
  const { options, mistake } = read(given, FACTORY_FIELDS)
  return mistake === undefined
    ? { options, mistake }
    : { options, mistake: `the error "${id}": ${mistake}` }
}

/** Reads what `abort` was given; what stands within a description is taken out of it. */
export function readAbortOptions(code: number, given: unknown): ReadAnswerOptions {
  const { options, mistake } = isMisplaced(given) ? readMisplaced(given) : read(given, ABORT_FIELDS)
  return mistake === undefined
    ? { options, mistake }
    : { options, mistake: `abort(${code}): ${mistake}` }
}

function isMisplaced(given: unknown): given is MisplacedOptions {
  if (!hasFields(given)) return false
  const { id, description } = given as AbortOptions
  return id === undefined && hasFields(description)
}

function readMisplaced(given: MisplacedOptions): ReadAnswerOptions {
  const { description, ...rest } = given
  const mistake =
    unknownFieldsOf(given, MISPLACED_FIELDS) ??
    unknownFieldsOf(description, ABORT_FIELDS, 'description.')
  return { options: { ...rest, ...description }, mistake }
}

function read(given: unknown, known: readonly string[]): ReadAnswerOptions {
  if (given === undefined || given === null) return NONE
  if (hasFields(given)) return { options: given, mistake: unknownFieldsOf(given, known) }
  const expected = `expected an object of ${known.join(', ')}, got`
  return isErrorObject(given)
    ? { options: { cause: given }, mistake: `${expected} an error; it is taken as the cause` }
    : { options: undefined, mistake: `${expected} ${show(given)}` }
}

/** Whether a value has fields that were meant to be read; an error has some, but they are its own. */
function hasFields(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  // Nearly always; asking whether a value is an error costs more.
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  return !Array.isArray(value) && !isErrorObject(value)
}
