import { type PlainBody, readBody } from '@fastify-scs/core/kit'
import type { RecordSink } from '../log/record-sink.js'
import type { Counts } from '../log/stats.js'
import { headerOf, headersOf } from '../raw-headers.js'
import type { AnsweredCall, ResolvedService } from '../service-options.js'
import type { RecordedCall } from './recorded-call.js'

/** Asks the services' `isFailure` how calls ended. */
export class FailureTest {
  readonly #sink: RecordSink
  readonly #counts: Counts

  constructor(sink: RecordSink, counts: Counts) {
    this.#sink = sink
    this.#counts = counts
  }

  /** Whether the service calls a call that was answered a failure, which the call then is, with what it says. Never throws. */
  hasFailed(service: ResolvedService, call: RecordedCall, body: PlainBody | undefined): boolean {
    const answer = this.#ask(service, call, body)
    if (answer === false) return false
    call.status = 'Failed'
    if (answer !== true) call.failure = answer
    return true
  }

  /** True or the reason for a failure; false where it says nothing. */
  #ask(
    service: ResolvedService,
    call: RecordedCall,
    body: PlainBody | undefined,
  ): boolean | string {
    try {
      const type = headerOf(call.responseHeaders ?? [], 'content-type')
      const seen = body === undefined ? undefined : readBody(body, type)
      const answer: unknown = service.isFailure?.(new Answer(call), seen)
      if (answer === undefined || answer === null || typeof answer === 'boolean')
        return answer === true
      if (typeof answer === 'string') return answer === '' ? false : answer
      if (answer instanceof Promise) answer.catch(() => undefined)
      const found = answer instanceof Promise ? 'a promise, which nobody waits for' : typeof answer
      throw new TypeError(`it returned ${found}`)
    } catch (error) {
      this.#failed(error, service)
      return false
    }
  }

  #failed(error: unknown, { name }: ResolvedService): void {
    this.#counts.outcomeFailures++
    this.#sink.logFailure(error, `isFailure of the service ${name} failed, which counts as no`)
  }
}

/** Its headers are made when they are asked for, which most tests of a body never do. */
class Answer implements AnsweredCall {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly #call: RecordedCall
  #headers: Headers | undefined

  constructor(call: RecordedCall) {
    this.#call = call
    this.method = call.start.method
    this.url = call.start.url
    this.status = call.statusCode ?? 0
  }

  get headers(): Headers {
    this.#headers ??= headersOf(this.#call.responseHeaders ?? [])
    return this.#headers
  }
}
