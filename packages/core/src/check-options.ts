import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { nearestHint } from './nearest-name.js'
import { show } from './show.js'

/** Makes the coded error for a wrong option: its path, what was expected, what was found. */
export type OptionsErrorFactory = (path: string, expected: string, found: string) => Error

/** What Fastify itself puts among a plugin's options. */
const FASTIFY_OPTIONS = new Set(['prefix', 'logLevel', 'logSerializers'])

/**
 * Checks a plugin's options against their schema; unknown ones are wrong, so that a misspelt option is found, and the
 * nearest known one is named.
 *
 * @throws what `makeError` makes for the first wrong option, whose `description` in the schema says what is expected
 */
export function checkOptions<Schema extends TSchema>(
  schema: Schema,
  options: Static<Schema>,
  makeError: OptionsErrorFactory,
): void {
  const isRecord = typeof options === 'object' && options !== null && !Array.isArray(options)
  if (!isRecord) throw makeError('(all)', 'an object', show(options))
  const own = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !FASTIFY_OPTIONS.has(name),
  )
  const error = Value.Errors(schema, Object.fromEntries(own)).First()
  if (error === undefined) return
  const path = error.path.slice(1).replaceAll('/', '.')
  const isUnknown = error.schema.additionalProperties === false && error.value !== undefined
  const isUnexpected = isUnknown && error.message === 'Unexpected property'
  const expected = isUnexpected ? 'no such option' : (error.schema.description ?? error.message)
  const hint = isUnexpected ? hintAt(path, error.schema) : ''
  throw makeError(path === '' ? '(all)' : path, expected, `${show(error.value)}${hint}`)
}

/** The nearest name that stands in the place of an unknown one, as the end of a message. */
function hintAt(path: string, schema: TSchema): string {
  const known = Object.keys((schema.properties ?? {}) as object)
  return nearestHint(path.slice(path.lastIndexOf('.') + 1), known)
}
