import { type PlainBody, readBody } from '@fastify-scs/core/kit'
import type { RecordSink } from '../log/record-sink.js'
import type { Counts } from '../log/stats.js'
import { headerOf, headersOf } from '../raw-headers.js'
import type { AnsweredCall, ResolvedService } from '../service-options.js'
import type { RecordedCall } from './recorded-call.js'

/** Calls the `isFailure` functions of services. */
export class FailureTest {
  readonly #sink: RecordSink
  readonly #counts: Counts

  constructor(sink: RecordSink, counts: Counts) {
    this.#sink = sink
    this.#counts = counts
  }

  /** Asks the service whether an answered call failed; if so, marks the call with the reason. Never throws. */
  hasFailed(service: ResolvedService, call: RecordedCall, body: PlainBody | undefined): boolean {
    const answer = this.#ask(service, call, body)
    if (answer === false) return false
    call.status = 'Failed'
    if (answer !== true) call.failure = answer
    return true
  }

  /** True or a reason for a failure, else false. */
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

/** Its headers are made when they are first read, since most functions look only at the body. */
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
