import { STATUS_CODES } from 'node:http'
import { ConflictError } from '../errors.js'
import type { MessageTemplate } from '../kit/message-template.js'
import { show } from '../kit/unknown-value.js'
import { checkOfDetails, type DetailsCheck } from './details-check.js'
import { isSameSchema } from './details-schema.js'
import { toKebabCase, toUpperSnakeCase } from './error-code.js'
import {
  checkErrorDefinition,
  type DefinedError,
  defineError,
  type ErrorDefinition,
  isDefinedError,
} from './error-definition.js'
import { templateOfMessage, unfilledMessage } from './error-message.js'
import { type RegisterCall, RegistrationPlace } from './stack-trace.js'

const BUILT_IN: readonly ErrorDefinition[] = [
  { code: 400, id: 'bad-request', message: 'The request is not valid' },
  { code: 401, id: 'unauthenticated', message: 'Authentication is required' },
  { code: 403, id: 'unauthorized', message: 'You are not allowed to do this' },
  { code: 405, id: 'method-not-allowed', message: 'This method is not allowed here' },
  { code: 500, id: 'internal-server-error', message: 'An unexpected error occurred' },
]

/** The answer for a status code; made once and kept. */
export interface Answer {
  readonly status: number
  /** The id in kebab-case. */
  readonly id: string
  /** The id in upper snake case. */
  readonly code: string
  /** The message, its fields as they were written. */
  readonly message: string
  /** What the message is filled in by; undefined for a message without fields. */
  readonly template: MessageTemplate | undefined
  /** Holds details against their schema; undefined without one. */
  readonly checkDetails: DetailsCheck | undefined
  /** The registered error; undefined for an answer made from the status's name. */
  readonly registered: DefinedError | undefined
}

interface Entry {
  readonly error: DefinedError
  readonly answer: Answer
  readonly place: RegistrationPlace
}

/** The error answers of one app: code -> id -> message, in the order of registration. From SCS `errors`. */
export class ErrorRegistry {
  readonly #byCode = new Map<number, Map<string, Entry>>()
  /** The defaults that were chosen with `isDefault`. */
  readonly #defaults = new Map<number, Entry>()
  readonly #ofStatus = new Map<number, Answer>()

  constructor() {
    for (const definition of BUILT_IN) this.register(definition)
  }

  /**
   * Registers a definition and returns its factory: the first one's, where the same contents are registered again.
   *
   * @param calls the functions that were called to register it; their caller is its place in the code
   * @throws SCS_ERR_DEFINITION, SCS_ERR_TEMPLATE; SCS_ERR_CONFLICT when the id has another message or other details, or its code
   * another default
   */
  register(source: ErrorDefinition, ...calls: readonly RegisterCall[]): DefinedError {
    const { code, id, message, details } = checkErrorDefinition('registerError', source)
    let ids = this.#byCode.get(code)
    if (ids === undefined) {
      ids = new Map()
      this.#byCode.set(code, ids)
    }
    const known = ids.get(id)
    if (known?.error.message === message && isSameSchema(known.error.details, details)) {
      if (source.isDefault === true) this.#choose(code, known, calls)
      return known.error
    }
    const place = new RegistrationPlace(...calls)
    if (known !== undefined) {
      const what = `The error id "${id}" for code ${code}`
      const first = `${contentsOf(known.error, source)} at ${known.place}`
      throw new ConflictError(what, first, `${contentsOf(source, known.error)} at ${place}`)
    }
    const error = isDefinedError(source) ? source : defineError(source)
    const entry = { error, answer: answerWith(error), place }
    if (source.isDefault === true) this.#choose(code, entry, calls)
    ids.set(id, entry)
    return error
  }

  /** Makes an error the default of its code, as `isDefault` asks; the error may have been registered before. */
  #choose(code: number, entry: Entry, calls: readonly RegisterCall[]): void {
    const chosen = this.#defaults.get(code)
    if (chosen !== undefined && chosen !== entry) {
      const first = `"${chosen.error.id}" at ${chosen.place}`
      const second = `"${entry.error.id}" at ${new RegistrationPlace(...calls)}`
      throw new ConflictError(`The default for code ${code}`, first, second)
    }
    this.#defaults.set(code, entry)
  }

  /** The answer registered under a code and an id. */
  find(code: number, id: string): Answer | undefined {
    return this.#byCode.get(code)?.get(id)?.answer
  }

  /**
   * The answer for a code where no id is given: the one with `isDefault`, else the first one registered, else one made from the
   * name of the status.
   */
  defaultOf(code: number): Answer {
    const chosen = this.#defaults.get(code)
    if (chosen !== undefined) return chosen.answer
    return this.#byCode.get(code)?.values().next().value?.answer ?? this.#madeOf(code)
  }

  /**
   * The answer for a failure that its status describes, such as an unknown route: the built-in one of the code, else the one that
   * is registered under the name of the status (`not-found`), else one made from that name. What else is registered for
   * the code means something other than the failure.
   */
  ofStatus(code: number): Answer {
    const made = this.#madeOf(code)
    const builtIn = BUILT_IN.find((definition) => definition.code === code)
    return this.find(code, builtIn?.id ?? made.id) ?? made
  }

  /** Whether an answer's message was registered by the application. A built-in one gives way to the message of an error. */
  isOwnText({ status, registered }: Pick<Answer, 'status' | 'registered'>): boolean {
    return registered !== undefined && !BUILT_IN.some(({ code }) => code === status)
  }

  #madeOf(code: number): Answer {
    let answer = this.#ofStatus.get(code)
    if (answer === undefined) {
      answer = answerOfStatus(code)
      this.#ofStatus.set(code, answer)
    }
    return answer
  }

  /** Whether an id is registered, for whatever code. */
  hasId(id: string): boolean {
    return [...this.#byCode.values()].some((ids) => ids.has(id))
  }

  /** All definitions, by code in the order of registration. */
  list(): readonly ErrorDefinition[] {
    return [...this.#byCode.values()].flatMap((ids) =>
      [...ids.values()].map(({ error: { code, id, message, details } }) =>
        details === undefined ? { code, id, message } : { code, id, message, details },
      ),
    )
  }
}

function answerWith(registered: DefinedError): Answer {
  const { code, id, message, details } = registered
  const template = templateOfMessage(id, message)
  return {
    status: code,
    id,
    code: toUpperSnakeCase(id),
    message: template === undefined ? message : unfilledMessage(template),
    template: template?.fields.length === 0 ? undefined : template,
    checkDetails: details === undefined ? undefined : checkOfDetails(details),
    registered,
  }
}

/** Shows what a definition says otherwise than another one. */
function contentsOf(definition: ErrorDefinition, other: ErrorDefinition): string {
  const { message, details } = definition
  if (message !== other.message) return show(message)
  return details === undefined
    ? `${show(message)} without details`
    : `details ${JSON.stringify(details)}`
}

function answerOfStatus(status: number): Answer {
  const message = STATUS_CODES[status] ?? 'Unknown error'
  const id = toKebabCase(message)
  return {
    status,
    id,
    code: toUpperSnakeCase(id),
    message,
    template: undefined,
    checkDetails: undefined,
    registered: undefined,
  }
}
