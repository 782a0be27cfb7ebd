import { visibleText } from '@fastify-scs/console/read'
import { nearestHint, shortened, show } from '@fastify-scs/core/kit'
import type { TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** What is shown of a wrong value. */
const MAX_SHOWN_CHARS = 100

/** Says what is wrong with the arguments of a tool, so that who calls can correct them; undefined where nothing is. */
export function problemOf(schema: TObject, args: unknown): string | undefined {
  const error = Value.Errors(schema, args).First()
  if (error === undefined) return undefined
  const name = visibleText(shortened(error.path.slice(1).replaceAll('/', '.'), MAX_SHOWN_CHARS))
  const known = Object.keys(schema.properties)
  if (error.message === 'Unexpected property')
    return `there is no argument "${name}"${nearestHint(name, known)}; the arguments are ${known.join(', ')}`
  if (name === '') return 'the arguments must be an object'
  if (error.value === undefined)
    return `the argument "${name}" is missing: ${expectedOf(error.schema)}`
  const found = visibleText(shortened(show(error.value), MAX_SHOWN_CHARS))
  return `the argument "${name}" must be ${expectedOf(error.schema)}, not ${found}`
}

function expectedOf(schema: Readonly<Record<string, unknown>>): string {
  const { anyOf, description, type, minimum, maximum, minLength, maxLength } = schema
  if (Array.isArray(anyOf)) {
    const words = anyOf.map((each: { const?: unknown }) => each.const)
    if (words.every((word) => typeof word === 'string')) return `one of ${words.join(', ')}`
  }
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (maxLength !== undefined && typeof description === 'string')
    return `a string of ${minLength} to ${maxLength} characters (${description})`
  return typeof description === 'string'
    ? `a ${String(type)} (${description})`
    : `a ${String(type)}`
}
