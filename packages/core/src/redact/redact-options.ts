import { Type } from '@sinclair/typebox'
import { type Given, listOf, nonEmptyText, optionsObject } from '../kit/options.js'

const texts = Type.Optional(listOf(Type.String({ minLength: 1 }), 'a list of non-empty strings'))

/** The schema of `RedactOptions`. */
export const redactSchema = optionsObject(
  {
    /** Names of keys to redact, in any notation: `partner-key` also matches `partnerKey` and `PARTNER_KEY`. */
    keys: texts,
    /** Names of headers to redact. */
    headers: texts,
    /** The text that replaces a secret. @default '[redacted]' */
    censor: Type.Optional(nonEmptyText()),
  },
  'an object { keys?, headers?, censor? }',
)

/** What is redacted in addition to the built-in lists, and the text that replaces it. */
export interface RedactOptions extends Given<typeof redactSchema> {}

/** What `extend` adds to a redactor. */
export interface RedactExtension extends Omit<RedactOptions, 'censor'> {
  /**
   * Names whose values are kept although another rule would hide them: keys of JSON, forms and query strings, and headers. A name
   * matches exactly; only for headers case does not matter. Only texts of up to 8,192 characters, numbers and booleans are kept,
   * and never in free text or XML.
   */
  keep?: readonly string[]
}

/** The options of a redactor together with those of an extension of it. */
export function extended(
  { keys = [], headers = [], keep = [], ...rest }: RedactOptions & RedactExtension,
  more: RedactExtension,
): RedactOptions & RedactExtension {
  return {
    ...rest,
    keys: [...keys, ...(more.keys ?? [])],
    headers: [...headers, ...(more.headers ?? [])],
    keep: [...keep, ...(more.keep ?? [])],
  }
}
