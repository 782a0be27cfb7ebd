import { Type } from '@sinclair/typebox'
import { type Given, listOf, nonEmptyText, optionsObject } from '../kit/options.js'

const texts = Type.Optional(listOf(Type.String({ minLength: 1 }), 'a list of non-empty strings'))

/** The schema of `RedactOptions`. */
export const redactSchema = optionsObject(
  {
    /** Names of keys, whose notation does not matter: `partner-key` is also `partnerKey` and `PARTNER_KEY`. */
    keys: texts,
    /** Names of headers. */
    headers: texts,
    /** What stands in the place of what is redacted. @default '[redacted]' */
    censor: Type.Optional(nonEmptyText()),
  },
  'an object { keys?, headers?, censor? }',
)

/** What is redacted besides the built-in lists, and what stands in its place. */
export interface RedactOptions extends Given<typeof redactSchema> {}

/** What a redactor does beside what the one does that it is made of. */
export interface RedactExtension extends Omit<RedactOptions, 'censor'> {
  /**
   * Names of keys whose values stay as they are, whatever else says that they are secret: of JSON, a form, a query string, or a
   * header. Each is just this name; only in that of a header case does not matter. A value that is no text, number or yes or no
   * is hidden still, and so is a text of more than 8,192 characters, and what stands under the name in prose or XML.
   */
  keep?: readonly string[]
}

/** The options of a redactor, and of one that extends it, in one. */
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
