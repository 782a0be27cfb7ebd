import { toJsonValue } from '../json/to-json-value.js'
import { shortened } from '../kit/cut-text.js'
import { compileTemplate, type MessageTemplate } from '../kit/message-template.js'
import { isObject } from '../kit/unknown-value.js'
import { printableText } from '../log/printable-text.js'

/** Characters of one value in a message; a longer text ends with `…`. */
export const MAX_PARAM_CHARS = 200

/** A value of a message's field. */
export type ParamValue = string | number | bigint | boolean | object | null

/** A message whose fields are filled in, and those for which there was no value. */
export interface FilledMessage {
  readonly text: string
  readonly missing: readonly string[]
}

/**
 * The template of an error's message; undefined for a message without a brace, which is used as it is.
 *
 * @throws SCS_ERR_TEMPLATE for braces that are neither doubled nor around a field's name
 */
export function templateOfMessage(id: string, message: string): MessageTemplate | undefined {
  return /[{}]/.test(message) ? compileTemplate(`The error "${id}"`, message) : undefined
}

/** The message of an answer for which nobody has given values: its fields stand as they were written, doubled braces as one. */
export function unfilledMessage(template: MessageTemplate): string {
  return template.fill(unfilled)
}

/**
 * Fills a message in: with the params, and with the details for the fields that the params do not have. A field without a value stays as it was
 * written. Never throws.
 */
export function fillMessage(
  template: MessageTemplate,
  params: unknown,
  details: unknown,
): FilledMessage {
  const missing: string[] = []
  const text = template.fill((field) => {
    const value = fieldOf(params, field) ?? fieldOf(details, field)
    if (value !== undefined) return value
    if (!missing.includes(field)) missing.push(field)
    return unfilled(field)
  })
  return { text, missing }
}

/** A field as the template has it, so that a message with braces of its own reads as it did. */
function unfilled(field: string): string {
  return `{${field}}`
}

/** The text of an object's own field; undefined where it has none. */
function fieldOf(holder: unknown, field: string): string | undefined {
  try {
    if (!isObject(holder) || !Object.hasOwn(holder, field)) return undefined
    const value = (holder as Readonly<Record<string, unknown>>)[field]
    return value === undefined ? undefined : textOfParam(value)
  } catch {
    // A getter or a Proxy trap threw: there is no value.
    return undefined
  }
}

/** A value as it stands in a message. The client reads it: no value may be without an end, begin a line, or turn the text around it. */
export function textOfParam(value: unknown): string {
  const plain = typeof value === 'string' ? value : toJsonValue(value)
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
  return shortened(printableText(shortened(text, MAX_PARAM_CHARS)), MAX_PARAM_CHARS)
}
