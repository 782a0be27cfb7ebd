import type { JsonValue } from '../json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { toAnswerDetails } from './answer-details.js'

/** What an answer shows by other means, or not at all. */
const SHOWN: ReadonlySet<string> = new Set([
  'cause',
  'expose',
  'headers',
  'message',
  'stack',
  'status',
  'statusCode',
])

/** Whether a value is an object literal or the like, of whichever realm, and no instance of a class. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * The details of a plain object that was thrown as an error, such as `errorResponseBuilder` of @fastify/rate-limit makes:
 * its other fields, bounded and redacted; its `details` alone where it has nothing else.
 */
export function ownFieldsOf(thrown: object, redactor: Redactor): JsonValue | undefined {
  const fields = Object.entries(thrown).filter(([key]) => !SHOWN.has(key))
  const [first] = fields
  if (first === undefined) return undefined
  const details =
    fields.length === 1 && first[0] === 'details' ? first[1] : Object.fromEntries(fields)
  return toAnswerDetails(redactor.value(details))
}
