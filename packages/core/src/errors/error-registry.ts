import { STATUS_CODES } from 'node:http'
import { toKebabCase, toUpperSnakeCase } from '../case.js'
import { ConflictError } from '../coded-errors.js'
import { type RegisterCall, RegistrationPlace } from '../registration-place.js'
import { show } from '../show.js'
import {
  checkErrorDefinition,
  type DefinedError,
  defineError,
  type ErrorDefinition,
  isDefinedError,
} from './error-definition.js'

const BUILT_IN: readonly ErrorDefinition[] = [
  { code: 400, id: 'bad-request', message: 'The request is not valid' },
  { code: 401, id: 'unauthenticated', message: 'Authentication is required' },
  { code: 403, id: 'unauthorized', message: 'You are not allowed to do this' },
  { code: 405, id: 'method-not-allowed', message: 'This method is not allowed here' },
  { code: 500, id: 'internal-server-error', message: 'An unexpected error occurred' },
]

/** What a status code answers with; made once, because errors are answered often. */
export interface Answer {
  readonly status: number
  /** The id in kebab-case. */
  readonly id: string
  /** The id in upper snake case. */
  readonly code: string
  readonly message: string
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
  readonly #unregistered = new Map<number, Answer>()

  constructor() {
    for (const definition of BUILT_IN) this.register(definition)
  }

  /**
   * Registers a definition and returns its factory: the first one's, where the same contents are registered again.
   *
   * @param calls the functions that were called for it, for its place
   * @throws SCS_ERR_DEFINITION; SCS_ERR_CONFLICT when the id has another message
   */
  register(source: ErrorDefinition, ...calls: readonly RegisterCall[]): DefinedError {
    const { code, id, message } = checkErrorDefinition('registerError', source)
    let ids = this.#byCode.get(code)
    if (ids === undefined) {
      ids = new Map()
      this.#byCode.set(code, ids)
    }
    const known = ids.get(id)
    if (known?.error.message === message) return known.error
    const place = new RegistrationPlace(...calls)
    if (known !== undefined) {
      const what = `The error id "${id}" for code ${code}`
      const first = `${show(known.error.message)} at ${known.place}`
      throw new ConflictError(what, first, `${show(message)} at ${place}`)
    }
    const error = isDefinedError(source) ? source : defineError(source)
    ids.set(id, { error, answer: answerWith(error), place })
    return error
  }

  /** The answer registered under a code and an id. */
  find(code: number, id: string): Answer | undefined {
    return this.#byCode.get(code)?.get(id)?.answer
  }

  /** The answer of the first error registered for a code, else one made from the name of the status. */
  defaultOf(code: number): Answer {
    const first = this.#byCode.get(code)?.values().next().value
    if (first !== undefined) return first.answer
    let answer = this.#unregistered.get(code)
    if (answer === undefined) {
      answer = answerOfStatus(code)
      this.#unregistered.set(code, answer)
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
      [...ids.values()].map(({ error: { code, id, message } }) => ({ code, id, message })),
    )
  }
}

function answerWith(registered: DefinedError): Answer {
  const { code, id, message } = registered
  return { status: code, id, code: toUpperSnakeCase(id), message, registered }
}

function answerOfStatus(status: number): Answer {
  const message = STATUS_CODES[status] ?? 'Unknown error'
  const id = toKebabCase(message)
  return { status, id, code: toUpperSnakeCase(id), message, registered: undefined }
}
