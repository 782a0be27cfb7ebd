import { editDistance, isObject, show } from '@fastify-scs/core/kit'
import { FieldError } from '../errors.js'
import type { Reference } from '../record.js'
import { fieldOf, frappesReference } from './log-fields.js'

/** What `update` was given, taken apart. */
export interface UpdateFields {
  /** What is merged into the record's data. */
  readonly data: Readonly<Record<string, unknown>>
  readonly reference: Reference | undefined
  readonly description: string | undefined
}

/** The names of which a slip is told, and where what they name is set. */
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
 * Takes apart what `update` is given, which may hold anything from outside: only Frappe's names, and what is just our reference, mean
 * something else than data.
 *
 * @throws SCS_INTEGRATION_ERR_FIELD when it is no object, or one of its keys is a slip of such a name
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

/** Usually there is nothing to be left out, and then nothing is read of what may be long, or of a class of its own. */
function without(params: Readonly<Record<string, unknown>>, names: readonly string[]) {
  if (names.length === 0) return params
  const others = Object.keys(params).filter((name) => !names.includes(name))
  return Object.fromEntries(others.map((name) => [name, fieldOf(params, name)]))
}

/** A reference of an outer document is rarely just this. */
function exactReference(value: unknown): Reference | undefined {
  if (!isObject(value) || Object.keys(value).length !== 2) return undefined
  const { type, id } = value as Readonly<Record<string, unknown>>
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined
}

/** One letter wrong, missing, too many or swapped; another case, a plural and what begins otherwise are names of their own. */
function refuseSlip(key: string): void {
  if (key.length < SHORTEST || key.length > LONGEST) return
  for (const [name, instead] of NAMES) {
    if (key[0] !== name[0] || Math.abs(key.length - name.length) > 1) continue
    const isOwnName = key.startsWith(name) || key.toLowerCase() === name
    if (isOwnName || editDistance(key, name) !== 1) continue
    throw new FieldError(key, `${instead}, or a name less like it`, `a slip of "${name}"`)
  }
}
