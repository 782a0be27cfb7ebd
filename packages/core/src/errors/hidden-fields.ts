import { isObject } from '../kit/unknown-value.js'
import type { Redactor } from '../redact/redactor.js'
import { textOfParam } from './error-message.js'
import { isRegistryError } from './registry-error.js'

/** Most fields that are looked at of the params, and of the details. */
const MAX_FIELDS = 100

/**
 * A text about a thrown error, for a log or a report: without the values that a registered error has filled in from fields which
 * the redactor hides by their names. The client gets them, since the application has put them into the message. Never throws.
 */
export function withoutHiddenFields(text: string, thrown: unknown, redactor: Redactor): string {
  try {
    if (!isObject(thrown) || !isRegistryError(thrown)) return text
    const { params, details } = thrown
    return without(without(text, params, redactor), details, redactor)
  } catch {
    // A getter or a Proxy trap threw: which values are hidden cannot be told.
    return redactor.censor
  }
}

function without(text: string, holder: unknown, redactor: Redactor): string {
  if (!isObject(holder)) return text
  let shown = text
  for (const [key, value] of Object.entries(holder).slice(0, MAX_FIELDS)) {
    if (!redactor.hides(key, value, holder)) continue
    const filledIn = textOfParam(value)
    if (filledIn !== '') shown = shown.replaceAll(filledIn, redactor.censor)
  }
  return shown
}
