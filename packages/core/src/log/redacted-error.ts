import { resumeStackTraces, suspendStackTraces } from '../errors/stack-trace.js'
import type { JsonLimits } from '../json/json-value.js'
import { toJsonValue } from '../json/to-json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { describeNode, keepDescription, type ThrownDescription } from '../thrown/describe-thrown.js'
import { isErrorObject, readField } from '../thrown/error-object.js'
import { readThrown, type ThrownNode } from '../thrown/read-thrown.js'

/** Limits for the copy of an error's own fields: those of an HTTP client's errors hold its sockets. */
const FIELD_LIMITS: JsonLimits = {
  maxDepth: 6,
  maxNodes: 1_000,
  maxStringBytes: 16_384,
  maxTotalBytes: 65_536,
}

/** Up to this many short fields are redacted one by one, without `toJsonValue`. */
const MAX_FLAT_FIELDS = 8
const MAX_FLAT_CHARS = 1_024
/** A key that is too short to contain a secret itself. */
const PLAIN_KEY = /^[A-Za-z_]{1,16}$/

/** Fields that the copy takes from the description. */
const DESCRIBED: ReadonlySet<PropertyKey> = new Set(['message', 'stack', 'cause', 'errors'])

/** Length of the prototype chain that is read. */
const MAX_CLASSES = 8

/**
 * Makes of a thrown value what a log line shows: of an error a redacted copy of the same class, so that the application's own
 * serializer works with it; of any other value its description. Never throws.
 */
export function errorForLog(thrown: unknown, redactor: Redactor): Error | ThrownDescription {
  const node = readThrown(thrown)
  const description = describeNode(node, redactor)
  const shown = isErrorObject(thrown) ? copyOf(node, description, redactor) : description
  keepDescription(shown, description)
  return shown
}

function copyOf(node: ThrownNode, description: ThrownDescription, redactor: Redactor): Error {
  const original = node.value as Error
  const copy = bareError(description.message)
  // Assigned, because defineProperty would make V8 format the original trace first.
  Reflect.set(copy, 'stack', description.stack)
  copyClass(copy, node, description, redactor)
  const { cause, errors } = description
  if (node.cause !== undefined && cause !== undefined) {
    defineHidden(copy, 'cause', partOf(node.cause, cause, redactor))
  }
  if (errors !== undefined) {
    const parts = errors.map((each, at) => partOf(node.errors[at] as ThrownNode, each, redactor))
    defineHidden(copy, 'errors', parts)
  }
  copyFields(original, copy, redactor)
  return copy
}

function partOf(node: ThrownNode, description: ThrownDescription, redactor: Redactor): unknown {
  return isErrorObject(node.value)
    ? copyOf(node, description, redactor)
    : redactor.value(node.value)
}

/** A native error, for serializers that test for one by other means than `instanceof`. Its stack trace is not captured. */
function bareError(message: string): Error {
  const limit = suspendStackTraces()
  try {
    return new Error(message)
  } finally {
    resumeStackTraces(limit)
  }
}

/** Gives the copy the class of the original, unless the name of the class contains a secret. */
function copyClass(
  copy: Error,
  node: ThrownNode,
  { name }: ThrownDescription,
  redactor: Redactor,
): void {
  const original = node.value as Error
  const made = readField(original, 'constructor')
  const className = typeof made === 'function' ? readField(made, 'name') : undefined
  if (
    typeof className === 'string' &&
    (className === node.name ? name : redactor.text(className)) !== className
  ) {
    defineHidden(copy, 'name', name)
    return
  }
  try {
    Object.setPrototypeOf(copy, Object.getPrototypeOf(original) as object | null)
  } catch {
    // A Proxy trap threw: the copy stays a plain Error.
  }
  if (typeof made === 'function' && className !== name)
    defineHidden(copy, 'constructor', renamed(made, name))
}

/**
 * Makes an object in place of the class, with another name. pino's serializer shows the name of the class as the type, also where
 * the error's `name` says more: `DOMException` for a TimeoutError, `a` for a minified class.
 */
function renamed(made: object, name: string): object {
  const standIn = Object.setPrototypeOf(() => undefined, made) as object
  return Object.defineProperty(standIn, 'name', { value: name })
}

/** Copies the error's own fields and the values of its class's getters, which are read from the original. */
function copyFields(original: Error, copy: Error, redactor: Redactor): void {
  let isEnumerable: Map<string, boolean> | undefined
  const fields: Record<string, unknown> = {}
  let isFlat = true
  for (const { key, enumerable } of keysOf(original)) {
    const value = readField(original, key)
    if (value === undefined || typeof value === 'function') continue
    if (typeof key === 'string') {
      isEnumerable ??= new Map()
      isEnumerable.set(key, enumerable)
      fields[key] = value
      isFlat &&= isFlatField(key, value)
    } else if (typeof value !== 'object') {
      defineHidden(copy, key, typeof value === 'string' ? redactor.text(value) : value)
    }
  }
  if (isEnumerable === undefined) return
  const redacted =
    isFlat && isEnumerable.size <= MAX_FLAT_FIELDS
      ? redactFlat(fields, redactor)
      : (redactor.value(toJsonValue(fields, FIELD_LIMITS)) as Record<string, unknown>)
  for (const key of Object.keys(redacted)) {
    define(copy, key, redacted[key], isEnumerable.get(key) ?? true)
  }
}

/** The same result as `redactor.value` for a few short fields, but faster. Most errors have only a status and a code. */
function redactFlat(
  fields: Readonly<Record<string, unknown>>,
  redactor: Redactor,
): Readonly<Record<string, unknown>> {
  const redacted: Record<string, unknown> = {}
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    if (redactor.hides(key, value, fields)) redacted[key] = redactor.censor
    else redacted[key] = typeof value === 'string' ? redactor.value(value) : value
  }
  return redacted
}

/** Whether a field is so short that no limit applies to it and its key needs no redaction: a status, an id. */
function isFlatField(key: string, value: unknown): boolean {
  if (!PLAIN_KEY.test(key)) return false
  return typeof value === 'string'
    ? value.length <= MAX_FLAT_CHARS
    : typeof value === 'boolean' || Number.isFinite(value)
}

/** A property of an error, and whether it is enumerable. */
interface ErrorKey {
  readonly key: PropertyKey
  readonly enumerable: boolean
}

/** The own keys of an error, and the keys of the getters of its classes. */
function keysOf(error: Error): readonly ErrorKey[] {
  const keys: ErrorKey[] = []
  try {
    for (const key of Reflect.ownKeys(error)) {
      if (DESCRIBED.has(key)) continue
      keys.push({ key, enumerable: Object.prototype.propertyIsEnumerable.call(error, key) })
    }
    let from = Object.getPrototypeOf(error) as object | null
    for (let depth = 1; from !== null && depth < MAX_CLASSES; depth++) {
      if (Object.hasOwn(from, 'isPrototypeOf')) break
      for (const getter of gettersOf(from)) {
        if (!keys.some(({ key }) => key === getter.key)) keys.push(getter)
      }
      from = Object.getPrototypeOf(from) as object | null
    }
  } catch {
    // A Proxy trap threw: the keys found so far are used.
  }
  return keys
}

/** The getters of each class, cached when its first error is logged: finding them costs more than copying the error. */
const getters = new WeakMap<object, readonly ErrorKey[]>()

function gettersOf(prototype: object): readonly ErrorKey[] {
  let known = getters.get(prototype)
  if (known === undefined) {
    const properties = Object.getOwnPropertyDescriptors(prototype)
    known = Reflect.ownKeys(properties)
      .map((key) => ({ key, ...(properties as Record<PropertyKey, PropertyDescriptor>)[key] }))
      .filter(({ key, get }) => get !== undefined && !DESCRIBED.has(key))
      .map(({ key, enumerable }) => ({ key, enumerable: enumerable === true }))
    getters.set(prototype, known)
  }
  return known
}

function defineHidden(copy: Error, key: PropertyKey, value: unknown): void {
  define(copy, key, value, false)
}

function define(copy: Error, key: PropertyKey, value: unknown, enumerable: boolean): void {
  // An assignment is several times faster, and does the same where no class has a setter for the key.
  if (enumerable && !(key in copy)) (copy as unknown as Record<PropertyKey, unknown>)[key] = value
  else Object.defineProperty(copy, key, { value, enumerable, writable: true, configurable: true })
}
