import {
  type Static,
  type TBoolean,
  type TInteger,
  type TNumber,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
  type TUnsafe,
  Type,
} from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { nearestHint } from './nearest-name.js'
import { isObject, show } from './unknown-value.js'

/** Makes the coded error for a wrong option: its path, what was expected, what was found. */
export type OptionsErrorFactory = (path: string, expected: string, found: string) => Error

/** An option with a default: it may be left out, and is always there once the options are resolved. */
export type WithDefault<Schema extends TSchema> = TOptional<Schema> & {
  readonly default: Static<Schema>
}

/** Gives an option its default. */
export function withDefault<Schema extends TSchema>(
  schema: Schema,
  value: Static<Schema>,
): WithDefault<Schema> {
  return Type.Optional({ ...schema, default: value }) as unknown as WithDefault<Schema>
}

/** An object of options, which has no others than these. */
export function optionsObject<Properties extends TProperties>(
  properties: Properties,
  description = 'an object of options',
): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false, description })
}

/** A whole number of a range. */
export function wholeNumber(minimum: number, maximum: number): TInteger {
  return Type.Integer({
    minimum,
    maximum,
    description: `a whole number, ${minimum} to ${maximum}`,
  })
}

/** A number of a range. */
export function numberBetween(minimum: number, maximum: number): TNumber {
  return Type.Number({ minimum, maximum, description: `a number, ${minimum} to ${maximum}` })
}

/** A text that is not empty. */
export function nonEmptyText(description = 'a non-empty string'): TString {
  return Type.String({ minLength: 1, description })
}

/** A list, of any length. */
export function listOf<Item extends TSchema>(
  item: Item,
  description: string,
): TUnsafe<readonly Static<Item>[]> {
  return Type.Unsafe<readonly Static<Item>[]>(Type.Array(item, { description }))
}

/** Yes or no. */
export function trueOrFalse(): TBoolean {
  return Type.Boolean({ description: 'true or false' })
}

/** Options that `false` switches off. */
export function orFalse<Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema> | false> {
  return Type.Unsafe<Static<Schema> | false>({ ...schema, isSwitchable: true })
}

/** A function; its parameters and result are checked by the compiler only. */
export function functionOf<Given>(): TUnsafe<Given> {
  return Type.Unsafe<Given>(Type.Function([], Type.Unknown(), { description: 'a function' }))
}

/** The options of a schema as an application gives them. */
export type Given<Schema extends TSchema> = Readonly<Static<Schema>>

/** The options of a schema with the defaults filled in; those without a default may be undefined. */
export type Resolved<Schema extends TObject> = {
  readonly [Name in keyof Schema['properties']]: ResolvedOption<Schema['properties'][Name]>
}

type ResolvedOption<Schema extends TSchema> =
  Schema extends WithDefault<TSchema>
    ? Schema extends TObject
      ? FilledUp<Schema>
      : Static<Schema>
    : Schema extends TOptional<TSchema>
      ? Static<Schema> | undefined
      : Static<Schema>

/** An object of options within the options: what has a default is there, the rest is as it was given. */
type FilledUp<Schema extends TObject> = Readonly<Static<Schema>> & {
  readonly [Name in keyof Schema['properties'] as Schema['properties'][Name] extends WithDefault<TSchema>
    ? Name
    : never]: ResolvedOption<Schema['properties'][Name]>
}

/**
 * Checks a plugin's options against their schema and fills the defaults in, also those within objects.
 *
 * @throws what `makeError` makes for the first wrong option
 */
export function resolveOptions<Schema extends TObject>(
  schema: Schema,
  given: Given<Schema>,
  makeError: OptionsErrorFactory,
): Resolved<Schema> {
  checkOptions(schema, given, makeError)
  return filled(schema, given) as Resolved<Schema>
}

function filled(schema: TSchema, given: unknown): unknown {
  if (given === undefined && schema.default === undefined) return undefined
  if (isSwitchedOff(schema, given)) return false
  if (schema.type !== 'object' || schema.properties === undefined) return given ?? schema.default
  const values = { ...schema.default, ...(given as object) }
  const entries = Object.entries<TSchema>(schema.properties)
    .map(([name, option]) => [name, filled(option, values[name])] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries)
}

function isSwitchedOff(schema: TSchema | undefined, given: unknown): boolean {
  return given === false && schema?.isSwitchable === true
}

/** The options without those that are switched off: what is left has to be what the schema says. */
function withoutSwitchedOff(schema: TSchema | undefined, given: unknown): unknown {
  if (!isObject(given) || Array.isArray(given) || schema?.properties === undefined) return given
  const properties: Readonly<Record<string, TSchema>> = schema.properties
  const entries = Object.entries(given).filter(
    ([name, value]) => !isSwitchedOff(properties[name], value),
  )
  return Object.fromEntries(
    entries.map(([name, value]) => [name, withoutSwitchedOff(properties[name], value)]),
  )
}

/** Fastify's own options, which it passes on to the plugin. */
const FASTIFY_OPTIONS = new Set(['prefix', 'logLevel', 'logSerializers'])

/**
 * Checks a plugin's options against their schema. An unknown option is an error that names the nearest known one, so that
 * misspelt options are found.
 *
 * @throws what `makeError` makes for the first wrong option, whose `description` in the schema says what is expected
 */
export function checkOptions<Schema extends TSchema>(
  schema: Schema,
  options: Static<Schema>,
  makeError: OptionsErrorFactory,
): void {
  if (!isObject(options) || Array.isArray(options))
    throw makeError('(all)', 'an object', show(options))
  const own = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !FASTIFY_OPTIONS.has(name),
  )
  const checked = withoutSwitchedOff(schema, Object.fromEntries(own))
  const error = Value.Errors(schema, checked).First()
  if (error === undefined) return
  const path = error.path.slice(1).replaceAll('/', '.')
  const isUnknown = error.schema.additionalProperties === false && error.value !== undefined
  const isUnexpected = isUnknown && error.message === 'Unexpected property'
  const expected = isUnexpected ? 'no such option' : (error.schema.description ?? error.message)
  const hint = isUnexpected ? hintAt(path, error.schema) : ''
  throw makeError(path === '' ? '(all)' : path, expected, `${show(error.value)}${hint}`)
}

/** Names the nearest known option, or all of them where none is near, as the end of a message. */
function hintAt(path: string, schema: TSchema): string {
  const known = Object.keys((schema.properties ?? {}) as object)
  const nearest = nearestHint(path.slice(path.lastIndexOf('.') + 1), known)
  return nearest === '' ? `; there are ${known.map((name) => `"${name}"`).join(', ')}` : nearest
}
