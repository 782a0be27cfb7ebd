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
