import type { Redactor } from '../redact/redactor.js'
import { messageOfThrown, readThrown, type ThrownNode } from './read-thrown.js'

/**
 * A thrown value as a log or a report may show it: plain, bounded and redacted. It has no prototype, so that pino's
 * serializer for errors takes its `name` for the type.
 */
export interface ThrownDescription {
  /** What an error goes by: its `name`, or its class where that says more; else the type of the value. */
  readonly name: string
  /** Its own; of an error that says nothing itself, such as Node's own AggregateError, those of its errors. */
  readonly message: string
  /** The stack trace with its head line, when there is one. */
  readonly stack?: string
  readonly code?: string
  readonly cause?: ThrownDescription
  /** What an AggregateError or a SuppressedError is made of; not enumerable, as theirs. */
  readonly errors?: readonly ThrownDescription[]
  /** How many more of these there are; not enumerable. */
  readonly leftOut?: number
}

/** Describes whatever was thrown. Never throws, whatever the value does when it is read. */
export function describeThrown(thrown: unknown, redactor: Redactor): ThrownDescription {
  const description = describeNode(readThrown(thrown), redactor)
  keepDescription(description, description)
  return description
}

/** The stack trace of a description followed by those of its errors and its causes; the message where there is none. */
export function stackWithCauses(description: ThrownDescription): string {
  const { message, stack = message, cause, errors = [], leftOut = 0 } = description
  const parts = [stack, ...errors.map((each) => `with the error: ${stackWithCauses(each)}`)]
  if (leftOut > 0) parts.push(`with ${leftOut} errors more`)
  if (cause !== undefined) parts.push(`caused by: ${stackWithCauses(cause)}`)
  return parts.join('\n')
}

/** Describes a thrown value that was read already. Never throws. */
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
    : redactor.text(messageOfThrown(node))
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
  const redacted = redactor.text(stack)
  // The head line of Node's own AggregateError ends with a colon.
  return message === '' && errors.length > 0
    ? redacted.replace(/ *$/m, () => ` ${described}`)
    : redacted
}

/**
 * The name in a stack trace that has no more than its head line, as that of an error that was made without one. The message
 * that follows is redacted already.
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

/** The description that a value is, or that it was made from; undefined for anything that is not redacted. */
export function descriptionOf(value: unknown): ThrownDescription | undefined {
  return DescriptionMark.of(value)
}

/** Remembers that a value holds no more than a description does. */
export function keepDescription(value: object, description: ThrownDescription): void {
  new DescriptionMark(value, description)
}

/** A class whose constructor returns what it is given, so that a subclass puts its private fields onto that. */
const Given = function given(value: object): object {
  return value
} as unknown as new (
  value: object,
) => object

/** A mark that nothing else can set, have or show, a Proxy included. A WeakMap costs the garbage collector more. */
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
