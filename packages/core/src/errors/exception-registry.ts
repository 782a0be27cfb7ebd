import { ConflictError, DefinitionError } from '../errors.js'
import { findInCauses } from '../kit/cause-chain.js'
import { isObject, show } from '../kit/unknown-value.js'
import { isErrorObject } from '../thrown/error-object.js'
import { checkText } from './error-definition.js'
import type { Answer, ErrorRegistry } from './error-registry.js'
import { type RegisterCall, RegistrationPlace } from './stack-trace.js'

/** Any class whose instances may be thrown. */
export type ExceptionClass = abstract new (...args: never[]) => unknown

/** A class of exceptions and the id that its 500 carries. From SCS `register_exception`. */
export interface ExceptionDefinition {
  /** The class; an instance of a subclass answers as well, unless that is registered too. */
  readonly exceptionClass: ExceptionClass
  /** An id registered for 500, or a new one, which `message` then registers. */
  readonly id: string
  /** Needed when the id is new. */
  readonly message?: string
}

interface Entry {
  readonly exceptionClass: ExceptionClass
  readonly answer: Answer
  readonly place: RegistrationPlace
}

/** The exception classes of one app and the error that each answers with. */
export class ExceptionRegistry {
  readonly #byPrototype = new Map<object, Entry>()
  readonly #errors: ErrorRegistry

  constructor(errors: ErrorRegistry) {
    this.#errors = errors
  }

  /**
   * Registers a class; the same one with the same contents may be registered again.
   *
   * @param calls the functions that were called to register it; their caller is its place in the code
   * @throws SCS_ERR_DEFINITION; SCS_ERR_CONFLICT when the class has another answer, or the id another message
   */
  register(source: ExceptionDefinition, ...calls: readonly RegisterCall[]): void {
    const { exceptionClass, id, message } = checkExceptionDefinition(source)
    const prototype: object = exceptionClass.prototype
    const known = this.#byPrototype.get(prototype)
    if (known === undefined) {
      const answer = this.#answerFor(id, message, calls)
      const place = new RegistrationPlace(...calls)
      this.#byPrototype.set(prototype, { exceptionClass, answer, place })
      return
    }
    const { answer } = known
    const isSame = id === answer.id && (message === undefined || message === answer.message)
    if (isSame) return
    const first = `"${answer.id}", ${show(answer.message)} at ${known.place}`
    const second = `"${id}", ${show(message)} at ${new RegistrationPlace(...calls)}`
    throw new ConflictError(`The exception class ${exceptionClass.name}`, first, second)
  }

  #answerFor(id: string, message: string | undefined, calls: readonly RegisterCall[]): Answer {
    const known = this.#errors.find(500, id)
    if (known !== undefined && (message === undefined || message === known.message)) return known
    if (message === undefined) {
      throw new DefinitionError('registerException', 'message', 'given, because the id is new', id)
    }
    // An exception has no params: its message is a text, whatever braces it has.
    const text = message.replace(/[{}]/g, '$&$&')
    this.#errors.register({ code: 500, id, message: text }, ...calls)
    return this.#errors.find(500, id) as Answer
  }

  /** The answer of the most specific registered class of a thrown object; `Error` itself is left to `findByCause`. */
  findByClass(thrown: object): Answer | undefined {
    for (let at = prototypeOf(thrown); at !== null; at = prototypeOf(at)) {
      if (at === Error.prototype) return undefined
      const entry = this.#byPrototype.get(at)
      if (entry !== undefined) return entry.answer
    }
    return undefined
  }

  /** The answer of the nearest registered class among the causes of a thrown object, else that of `Error`. */
  findByCause(thrown: object): Answer | undefined {
    const answer = findInCauses(thrown, (error) => this.findByClass(error))
    if (answer !== undefined) return answer
    return isErrorObject(thrown) ? this.#byPrototype.get(Error.prototype)?.answer : undefined
  }

  /** All registered classes, in the order of registration. */
  list(): readonly Required<ExceptionDefinition>[] {
    return [...this.#byPrototype.values()].map(({ exceptionClass, answer }) => ({
      exceptionClass,
      id: answer.id,
      message: answer.message,
    }))
  }
}

function checkExceptionDefinition(definition: ExceptionDefinition): ExceptionDefinition {
  const call = 'registerException'
  if (!isObject(definition)) {
    throw new DefinitionError(
      call,
      'definition',
      '{ exceptionClass, id, message? }',
      show(definition),
    )
  }
  const { exceptionClass, id, message } = definition
  if (typeof exceptionClass !== 'function' || !isObject(exceptionClass.prototype)) {
    throw new DefinitionError(call, 'exceptionClass', 'a class', show(exceptionClass))
  }
  checkText(call, 'id', id)
  if (message !== undefined) checkText(call, 'message', message)
  return definition
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null
}
