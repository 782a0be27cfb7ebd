import { resumeStackTraces, suspendStackTraces } from '../errors/stack-trace.js'
import type { JsonLimits } from '../json/json-value.js'
import { toJsonValue } from '../json/to-json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { describeNode, keepDescription, type ThrownDescription } from '../thrown/describe-thrown.js'
import { isErrorObject, readField } from '../thrown/error-object.js'
import { readThrown, type ThrownNode } from '../thrown/read-thrown.js'

/** How much of an error's own fields is copied: those of an HTTP client's hold its sockets. */
const FIELD_LIMITS: JsonLimits = {
  maxDepth: 6,
  maxNodes: 1_000,
  maxStringBytes: 16_384,
  maxTotalBytes: 65_536,
}

/** Up to this many fields, if all are short, are redacted one by one, without a walk. */
const MAX_FLAT_FIELDS = 8
const MAX_FLAT_CHARS = 1_024
/** A key that is too short to hold a secret itself. */
const PLAIN_KEY = /^[A-Za-z_]{1,16}$/

/** These come from the description. */
const DESCRIBED: ReadonlySet<PropertyKey> = new Set(['message', 'stack', 'cause', 'errors'])

/** Classes above the error's own. */
const MAX_CLASSES = 8

/**
 * What a log line shows of a thrown value: of an error a redacted copy of the same class, so that the host's own
 * serializer gets what it is made for; of anything else its description. Never throws.
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
  // Assigned, not defined: V8 would make the text of the trace first, only for it to be replaced.
  Reflect.set(copy, 'stack', description.stack)
  takeClass(copy, node, description, redactor)
  const { cause, errors } = description
  if (node.cause !== undefined && cause !== undefined) {
    hide(copy, 'cause', partOf(node.cause, cause, redactor))
  }
  if (errors !== undefined) {
    const parts = errors.map((each, at) => partOf(node.errors[at] as ThrownNode, each, redactor))
    hide(copy, 'errors', parts)
  }
  copyFields(original, copy, redactor)
  return copy
}

function partOf(node: ThrownNode, description: ThrownDescription, redactor: Redactor): unknown {
  return isErrorObject(node.value)
    ? copyOf(node, description, redactor)
    : redactor.value(node.value)
}

/** A real error, also for a serializer that does not ask by `instanceof`; its stack trace is not captured. */
function bareError(message: string): Error {
  const limit = suspendStackTraces()
  try {
    return new Error(message)
  } finally {
    resumeStackTraces(limit)
  }
}

/** Gives the copy the class of the original, unless the name of that class holds a secret. */
function takeClass(
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
    hide(copy, 'name', name)
    return
  }
  try {
    Object.setPrototypeOf(copy, Object.getPrototypeOf(original) as object | null)
  } catch {
    // A Proxy trap threw: it is an error of no class then.
  }
  if (typeof made === 'function' && className !== name) hide(copy, 'constructor', named(made, name))
}

/**
 * A stand-in for a class that goes by another name. pino's serializer takes the name of the class for the type, also where
 * the error's own name says more (`DOMException` for a TimeoutError, `a` for a class that was minified).
 */
function named(made: object, name: string): object {
  const standIn = Object.setPrototypeOf(() => undefined, made) as object
  return Object.defineProperty(standIn, 'name', { value: name })
}

/** Copies what the error has beside its message: own fields, and getters of its class, which may need the original. */
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
      hide(copy, key, typeof value === 'string' ? redactor.text(value) : value)
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

/** As the redactor makes of the whole, without a walk: most errors have a status and a code and no more. */
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

/** Whether the limits of the fields cannot change a value, nor the redactor its key: a status, an id. */
function isFlatField(key: string, value: unknown): boolean {
  if (!PLAIN_KEY.test(key)) return false
  return typeof value === 'string'
    ? value.length <= MAX_FLAT_CHARS
    : typeof value === 'boolean' || Number.isFinite(value)
}

/** A property of an error, and whether it shows in `for...in`. */
interface ErrorKey {
  readonly key: PropertyKey
  readonly enumerable: boolean
}

/** The own keys of an error and those of its classes' getters. */
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
    // A Proxy trap threw: what was found so far is what there is.
  }
  return keys
}

/** The getters of each class, found when its first error is logged: a look at every class costs more than its error. */
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

function hide(copy: Error, key: PropertyKey, value: unknown): void {
  define(copy, key, value, false)
}

function define(copy: Error, key: PropertyKey, value: unknown, enumerable: boolean): void {
  // Several times faster, and the same where no class has a setter for it.
  if (enumerable && !(key in copy)) (copy as unknown as Record<PropertyKey, unknown>)[key] = value
  else Object.defineProperty(copy, key, { value, enumerable, writable: true, configurable: true })
}
