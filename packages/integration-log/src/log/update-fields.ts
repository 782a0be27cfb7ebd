import { editDistance, isObject, show } from '@fastify-scs/core/kit'
import { FieldError } from '../errors.js'
import type { Reference } from '../record.js'
import { fieldOf, frappesReference } from './log-fields.js'

/** The parameters of `update`, by what they set. */
export interface UpdateFields {
  /** What is merged into the record's data. */
  readonly data: Readonly<Record<string, unknown>>
  readonly reference: Reference | undefined
  readonly description: string | undefined
}

/** The names that a misspelt key is compared with, and what each sets. */
const NAMES: readonly (readonly [name: string, instead: string])[] = [
  ['reference', '"reference"'],
  ['reference_doctype', '"reference_doctype"'],
  ['reference_docname', '"reference_docname"'],
  ['request_description', '"request_description"'],
  ['output', 'complete(), which sets the output'],
  ['error', 'fail(), which sets the error'],
]
const SHORTEST = 5
const LONGEST = 'request_description'.length + 1

/**
 * Splits the fields that `update` is given, which may come from outside. Only Frappe's names and a plain `reference` set fields of the
 * record; everything else is data.
 *
 * @throws SCS_INTEGRATION_ERR_FIELD when it is not an object, or one of its keys is a misspelling of such a name
 */
export function readUpdate(params: Readonly<Record<string, unknown>>): UpdateFields {
  if (!isObject(params) || Array.isArray(params))
    throw new FieldError('params', 'an object', show(params))
  for (const key in params) refuseSlip(key)
  const field = (name: string): unknown => fieldOf(params, name)
  const reference = exactReference(field('reference'))
  const description = field('request_description')
  const isDescribed = typeof description === 'string'
  return {
    data: without(params, [
      ...(reference === undefined ? [] : ['reference']),
      ...(isDescribed ? ['request_description'] : []),
    ]),
    reference:
      reference ?? frappesReference(field('reference_doctype'), field('reference_docname')),
    description: isDescribed ? description : undefined,
  }
}

/** Usually nothing has to be left out; then the object is returned unread, which may be large or of any class. */
function without(params: Readonly<Record<string, unknown>>, names: readonly string[]) {
  if (names.length === 0) return params
  const others = Object.keys(params).filter((name) => !names.includes(name))
  return Object.fromEntries(others.map((name) => [name, fieldOf(params, name)]))
}

/** The reference that a value is: `{ type, id }` and nothing more, as data from outside rarely is. */
function exactReference(value: unknown): Reference | undefined {
  if (!isObject(value) || Object.keys(value).length !== 2) return undefined
  const { type, id } = value as Readonly<Record<string, unknown>>
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined
}

/** One letter wrong, missing, added or swapped. Another case, a plural or another first letter makes it a different name. */
function refuseSlip(key: string): void {
  if (key.length < SHORTEST || key.length > LONGEST) return
  for (const [name, instead] of NAMES) {
    if (key[0] !== name[0] || Math.abs(key.length - name.length) > 1) continue
    const isOwnName = key.startsWith(name) || key.toLowerCase() === name
    if (isOwnName || editDistance(key, name) !== 1) continue
    throw new FieldError(key, `${instead}, or a name less similar`, `a misspelling of "${name}"`)
  }
}
