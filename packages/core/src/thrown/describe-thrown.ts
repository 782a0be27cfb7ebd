import { withoutHiddenFields } from '../errors/hidden-fields.js'
import type { Redactor } from '../redact/redactor.js'
import { messageOfThrown, readThrown, type ThrownNode } from './read-thrown.js'

/**
 * A thrown value as logs and reports show it: plain data, limited in size and redacted. It has no prototype, so that pino's
 * serializer for errors takes the type from its `name`.
 */
export interface ThrownDescription {
  /** For an error its `name`, or its class where that says more (see `nameOfThrown`); else the type of the value. */
  readonly name: string
  /** The error's message. If that is empty, as in Node's own AggregateError, the messages of its errors. */
  readonly message: string
  /** The stack trace with its first line, if there is one. */
  readonly stack?: string
  readonly code?: string
  readonly cause?: ThrownDescription
  /** The errors of an AggregateError or a SuppressedError. Not enumerable, as in the originals. */
  readonly errors?: readonly ThrownDescription[]
  /** The number of further errors that are left out. Not enumerable. */
  readonly leftOut?: number
}

/** Describes any thrown value. Never throws, even when reading the value throws. */
export function describeThrown(thrown: unknown, redactor: Redactor): ThrownDescription {
  const description = describeNode(readThrown(thrown), redactor)
  keepDescription(description, description)
  return description
}

/** The stack trace of a description, or its message if it has none, followed by those of its errors and causes. */
export function stackWithCauses(description: ThrownDescription): string {
  const { message, stack = message, cause, errors = [], leftOut = 0 } = description
  const parts = [stack, ...errors.map((each) => `with the error: ${stackWithCauses(each)}`)]
  if (leftOut > 0) parts.push(`with ${leftOut} errors more`)
  if (cause !== undefined) parts.push(`caused by: ${stackWithCauses(cause)}`)
  return parts.join('\n')
}

/** Describes a thrown value that `readThrown` has read. Never throws. */
export function describeNode(node: ThrownNode, redactor: Redactor): ThrownDescription {
  const { name, code, cause, errors, leftOut } = node
  const message = messageOf(node, redactor)
  const stack = stackOf(node, message, redactor)
  const description = bare(redactor.text(name), message)
  if (stack !== undefined) description.stack = stack
  if (code !== undefined) description.code = redactor.text(code)
  if (cause !== undefined) description.cause = describeNode(cause, redactor)
  if (errors.length === 0) return description
  const described = errors.map((each) => describeNode(each, redactor))
  return Object.defineProperties(description, {
    errors: { value: described },
    leftOut: { value: leftOut },
  })
}

function messageOf(node: ThrownNode, redactor: Redactor): string {
  const isSilent = node.message === undefined && node.errors.length === 0
  return isSilent
    ? JSON.stringify(redactor.value(node.value))
    : redactor.text(withoutHiddenFields(messageOfThrown(node), node.value, redactor))
}

function stackOf(
  { value, message, errors }: ThrownNode,
  described: string,
  redactor: Redactor,
): string | undefined {
  const stack = typeof value === 'object' && value !== null ? stackText(value) : undefined
  if (typeof stack !== 'string' || stack === '') return undefined
  const head = headName(stack, message)
  if (head !== undefined) return `${redactor.text(head)}: ${described}`
  const redacted = redactor.text(withoutHiddenFields(stack, value, redactor))
  // The first line of the stack of Node's own AggregateError has no message.
  return message === '' && errors.length > 0
    ? redacted.replace(/ *$/m, () => ` ${described}`)
    : redacted
}

/**
 * The name in a stack trace that consists of its first line only, `Name: message`. The message is redacted already, so only the
 * name has to be.
 */
function headName(stack: string, message: string | undefined): string | undefined {
  if (!message || !stack.endsWith(message)) return undefined
  const head = stack.slice(0, -message.length)
  return /^[A-Za-z]+: $/.test(head) ? head.slice(0, -2) : undefined
}

function stackText(value: { readonly stack?: unknown }): unknown {
  try {
    return value.stack
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

/** The description that a value is, or was made from; undefined for values that are not marked as redacted. */
export function descriptionOf(value: unknown): ThrownDescription | undefined {
  return DescriptionMark.of(value)
}

/** Marks a value as redacted: it holds no more than this description. */
export function keepDescription(value: object, description: ThrownDescription): void {
  new DescriptionMark(value, description)
}

/** A class whose constructor returns its argument, so that a subclass adds its private fields to that object. */
const Given = function given(value: object): object {
  return value
} as unknown as new (
  value: object,
) => object

/** A mark on an object that other code can neither see nor forge, not even with a Proxy. A WeakMap would cost the garbage collector more. */
class DescriptionMark extends Given {
  readonly #description: ThrownDescription

  constructor(value: object, description: ThrownDescription) {
    super(value)
    this.#description = description
  }

  static of(value: unknown): ThrownDescription | undefined {
    const isMarked = typeof value === 'object' && value !== null && #description in value
    return isMarked ? value.#description : undefined
  }
}

type Bare = { -readonly [Field in keyof ThrownDescription]: ThrownDescription[Field] }

function bare(name: string, message: string): Bare {
  const description = Object.create(null) as Bare
  description.name = name
  description.message = message
  return description
}
