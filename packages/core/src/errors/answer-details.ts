import { types } from 'node:util'
import { cutText, type JsonValue, type JsonVisitor, toJsonValue } from '../json-value.js'

/** Fields of an error that a client must not see, should a developer put the error itself into the details. */
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
