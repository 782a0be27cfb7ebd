import type { CapturedBody } from '@fastify-scs/core/kit'
import type { CallEnd, FailureListener, OpenCall } from '../call.js'
import type { RawHeaders } from '../raw-headers.js'
import { isSuccess } from '../record.js'
import type { BodyPolicy } from '../service-options.js'
import { type BodySource, BodyTap, type Chunk, knownBody } from './body-tap.js'
import { isHeldApart } from './compat-undici.js'
import { areAllTaken } from './flat-headers.js'

/** A body without chunks. */
const UNSEEN_BODY: CapturedBody = { bytes: Buffer.alloc(0), totalBytes: 0, isWhole: false }

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/**
 * One request and its answer, as a transport sees them. It ends once; later events are ignored. No method throws, since the
 * application's call runs on the same stack.
 */
export class Exchange {
  readonly #call: OpenCall
  readonly #limits: BodyLimits | undefined
  readonly #requestHeaders: RawHeaders
  readonly #onFailure: FailureListener
  #knownBody: BodySource | undefined
  #hasBody = false
  #requestTap: BodyTap | undefined
  #isRequestSent = false
  #responseTap: BodyTap | undefined
  #statusCode = 0
  #isOver = false

  /** @param limits Undefined when bodies are not wanted. */
  constructor(
    call: OpenCall,
    limits: BodyLimits | undefined,
    requestHeaders: RawHeaders,
    onFailure: FailureListener,
  ) {
    this.#call = call
    this.#limits = limits?.bodies === 'never' || limits?.maxBodyBytes === 0 ? undefined : limits
    this.#requestHeaders = requestHeaders
    this.#onFailure = onFailure
  }

  /** Takes a request body that is complete from the start. Chunks that follow repeat it and are ignored. */
  knowRequestBody(body: unknown): void {
    if (this.#limits === undefined || body === null || body === undefined) return
    this.#hasBody = true
    try {
      this.#knownBody = knownBody(body, this.#limits.maxBodyBytes, this.#requestHeaders)
    } catch (error) {
      this.#onFailure(error)
    }
  }

  /** Whether chunks of the request's body are still wanted. */
  get wantsRequestChunks(): boolean {
    return this.#limits !== undefined && this.#knownBody === undefined
  }

  /** A chunk of the request's body is on its way. */
  chunkSent(chunk: Chunk): void {
    if (this.#limits === undefined || this.#knownBody !== undefined || this.#isOver) return
    try {
      this.#requestTap ??= new BodyTap(this.#limits.maxBodyBytes, this.#requestHeaders)
      this.#requestTap.add(chunk)
    } catch (error) {
      this.#onFailure(error)
    }
  }

  /** The request's body has been sent to its end. */
  requestSent(): void {
    this.#isRequestSent = true
  }

  /** The headers that the request is sent with. */
  sentWith(headers: RawHeaders): void {
    if (!this.#isOver) this.#call.sent(headers)
  }

  /**
   * What undici's request holds by now: others may have added to it when it was made, a tracer its `traceparent`. Host, length and
   * connection are not in its list.
   */
  madeWith(headers: RawHeaders): void {
    const began = this.#requestHeaders
    if (!areAllTaken(began)) return
    let count = began.length
    for (let i = 0; i < began.length; i += 2) if (isHeldApart(began[i])) count -= 2
    if (headers.length > count) this.sentWith([...began, ...headers.slice(count)])
  }

  /** The head of the answer has arrived. Informational responses such as 103 do not count. */
  responded(statusCode: number, headers: RawHeaders): void {
    if (this.#isOver || (statusCode < 200 && statusCode !== 101)) return
    this.#statusCode = statusCode
    if (this.#limits !== undefined) {
      this.#responseTap = new BodyTap(this.#limits.maxBodyBytes, headers)
    }
    this.#call.responded(statusCode, headers)
  }

  /** A chunk of the answer's body has arrived. */
  chunkReceived(chunk: Chunk): void {
    if (this.#responseTap === undefined || this.#isOver) return
    try {
      this.#responseTap.add(chunk)
    } catch (error) {
      this.#onFailure(error)
    }
  }

  /** Whether the head of the answer has arrived. */
  get hasResponded(): boolean {
    return this.#statusCode !== 0
  }

  /** The answer has ended. */
  ended(): void {
    this.#end(!isSuccess(this.#statusCode), true)
  }

  /** The call failed: no answer will come, or not the rest of it. */
  failed(error: unknown): void {
    this.#end(true, false, error ?? new Error('The call was aborted without a reason'))
  }

  #end(isFailed: boolean, isWhole: boolean, error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    const bodies = this.#bodies(isFailed, isWhole)
    this.#call.end(error === undefined ? bodies : { ...bodies, error })
  }

  #bodies(isFailed: boolean, isWhole: boolean): CallEnd {
    const limits = this.#limits
    if (limits === undefined) return {}
    if (limits.bodies === 'failed' && !isFailed && limits.isFailure === undefined) return {}
    try {
      const bodies: Writable<CallEnd> = {}
      const request = this.#knownBody ?? this.#requestTap
      if (request !== undefined) bodies.requestBody = request.captured(this.#isRequestSent)
      else if (this.#hasBody && !this.#isRequestSent) bodies.requestBody = UNSEEN_BODY
      const response = this.#responseTap
      if (response?.isEmpty === false) bodies.responseBody = response.captured(isWhole)
      return bodies
    } catch (error) {
      this.#onFailure(error)
      return {}
    }
  }
}

/** How much of a service's bodies is kept. */
export interface BodyLimits {
  readonly bodies: BodyPolicy
  /** Bytes kept of each body; what lies beyond is only counted. */
  readonly maxBodyBytes: number
  /** Given where the body of an answer decides whether the call failed. */
  readonly isFailure?: unknown
}

/** A service, as a transport needs to know it. */
export interface DeclaredService extends BodyLimits {
  readonly name: string
}
