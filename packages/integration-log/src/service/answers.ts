import { readField } from '@fastify-scs/core/kit'
import type { CallHolder, OpenCall } from '../call.js'

/** The calls by the responses that they were answered with; a response that nobody holds any more is forgotten. */
export class Answers {
  readonly #holders = new WeakMap<object, CallHolder>()

  /** The response, or the body of one, is that of the call. */
  add(response: object, holder: CallHolder): void {
    this.#holders.set(response, holder)
  }

  /** The call of a response of fetch or of undici; undefined for one that is none of a service's. */
  of(response: unknown): CallHolder | undefined {
    if (typeof response !== 'object' || response === null) return undefined
    const body = readField(response, 'body')
    return this.#holders.get(response) ?? (isObject(body) ? this.#holders.get(body) : undefined)
  }
}

/** Keeps the call of a service's dispatcher, whose response undici makes: its body is a field of undici's own handler, in 6 to 8. */
export class AnswerHolder implements CallHolder {
  call: OpenCall | undefined
  record: object | undefined
  readonly #answers: Answers

  constructor(answers: Answers) {
    this.#answers = answers
  }

  headed(handler: object): void {
    const { res } = handler as { readonly res?: unknown }
    if (isObject(res)) this.#answers.add(res, this)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
