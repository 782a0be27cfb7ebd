import { MAX_CAUSES } from '../kit/cause-chain.js'
import { isObject } from '../kit/unknown-value.js'
import { isErrorObject, nameOfThrown, readField } from './error-object.js'

/** The fields of a thrown value, neither redacted nor cut. Without its stack, which takes longer to read than all the rest. */
export interface ThrownNode {
  readonly value: unknown
  /** For an object its name (see `nameOfThrown`), else the type of the value. */
  readonly name: string
  /** Its message; undefined for an object without one. */
  readonly message: string | undefined
  readonly code: string | undefined
  readonly cause: ThrownNode | undefined
  /** The errors of an AggregateError or a SuppressedError. */
  readonly errors: readonly ThrownNode[]
  /** The number of further errors that were not read. */
  readonly leftOut: number
}

/** Most errors that are read of one AggregateError. */
const MAX_ERRORS = 10
/** Most causes and errors that are read of one thrown value, on all levels together. */
const MAX_NODES = 32

const NONE: readonly never[] = []

/** Reads any thrown value, with its causes and errors. Never throws, even when reading the value throws. */
export function readThrown(thrown: unknown): ThrownNode {
  return isObject(thrown) ? new ThrownReader(thrown).read(thrown, 0) : readPlain(thrown)
}

/** The message of a thrown value. If that is empty, the messages of its errors. */
export function messageOfThrown({ message = '', errors, leftOut }: ThrownNode): string {
  if (message !== '' || errors.length === 0) return message
  const messages = new Set(errors.map((each) => messageOfThrown(each) || each.code || each.name))
  return [...messages, ...(leftOut === 0 ? [] : [`${leftOut} more`])].join(' | ')
}

/** Reads a thrown object within the limits. Reads no object twice, so that circular references end. */
class ThrownReader {
  readonly #thrown: object
  /** The objects read so far. Made only for an error with a cause or errors; most have neither. */
  #seen: Set<unknown> | undefined
  #left = MAX_NODES

  constructor(thrown: object) {
    this.#thrown = thrown
  }

  read(thrown: object, depth: number): ThrownNode {
    const { message, code, cause } = fieldsOf(thrown)
    const parts = isErrorObject(thrown) ? partsOf(thrown) : NONE
    const count = parts === NONE ? 0 : lengthOf(parts)
    const errors = count === 0 ? NONE : this.#readAll(parts, Math.min(count, MAX_ERRORS), depth)
    return {
      value: thrown,
      name: nameOfThrown(thrown),
      message: typeof message === 'string' ? message : undefined,
      code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
      cause: this.#below(cause, depth),
      errors,
      leftOut: count - errors.length,
    }
  }

  #readAll(parts: readonly unknown[], count: number, depth: number): readonly ThrownNode[] {
    const nodes: ThrownNode[] = []
    for (let at = 0; at < count; at++) {
      const node = this.#below(readField(parts, at), depth)
      if (node !== undefined) nodes.push(node)
    }
    return nodes
  }

  /** Reads a cause or one of the errors; undefined when there is none, when it was read before, and beyond the limits. */
  #below(value: unknown, depth: number): ThrownNode | undefined {
    if (value === undefined || value === null || depth >= MAX_CAUSES) return undefined
    if (this.#left === 0) return undefined
    if (!isObject(value)) {
      this.#left--
      return readPlain(value)
    }
    this.#seen ??= new Set([this.#thrown])
    if (this.#seen.has(value)) return undefined
    this.#seen.add(value)
    this.#left--
    return this.read(value, depth + 1)
  }
}

interface ThrownFields {
  readonly message?: unknown
  readonly code?: unknown
  readonly cause?: unknown
}

/** Reads each field by its name in the code, which is several times faster than `readField`; that is used when a getter throws. */
function fieldsOf(thrown: ThrownFields): ThrownFields {
  try {
    const { message, code, cause } = thrown
    return { message, code, cause }
  } catch {
    return {
      message: readField(thrown, 'message'),
      code: readField(thrown, 'code'),
      cause: readField(thrown, 'cause'),
    }
  }
}

/** `errors` of an AggregateError, `error` and `suppressed` of a SuppressedError. */
function partsOf(error: object): readonly unknown[] {
  const { errors, suppressed } = groupOf(error)
  try {
    if (Array.isArray(errors)) return errors
  } catch {
    // A revoked Proxy.
    return NONE
  }
  return suppressed === undefined ? NONE : [readField(error, 'error'), suppressed]
}

interface ErrorGroup {
  readonly errors?: unknown
  readonly suppressed?: unknown
}

function groupOf(error: ErrorGroup): ErrorGroup {
  try {
    const { errors, suppressed } = error
    return { errors, suppressed }
  } catch {
    return { errors: readField(error, 'errors'), suppressed: readField(error, 'suppressed') }
  }
}

function readPlain(value: unknown): ThrownNode {
  return {
    value,
    name: value === null ? 'null' : typeof value,
    message: String(value),
    code: undefined,
    cause: undefined,
    errors: NONE,
    leftOut: 0,
  }
}

/** The length of an array, which may be a Proxy. */
function lengthOf(list: readonly unknown[]): number {
  const length = readField(list, 'length')
  return typeof length === 'number' ? length : 0
}
