import type { CallEnd, CallRecorder, CallStart, OpenCall } from '../../src/call.js'
import type { RawHeaders } from '../../src/raw-headers.js'

/** All that a recorder was told of one call. */
export interface RecordedCall {
  readonly start: CallStart
  sent: RawHeaders | undefined
  statusCode: number | undefined
  responseHeaders: RawHeaders | undefined
  /** How often the head of an answer was told: once. */
  heads: number
  end: CallEnd | undefined
  /** How often an end was told: once. */
  ends: number
  /** Resolves once the call has ended. */
  readonly ended: Promise<CallEnd>
}

/** A recorder that keeps what it is told. */
export class RecordedCalls implements CallRecorder {
  readonly calls: RecordedCall[] = []
  #waiting: (() => void)[] = []

  begin(start: CallStart): OpenCall {
    const { promise, resolve } = withResolvers<CallEnd>()
    const call: RecordedCall = {
      start,
      sent: undefined,
      statusCode: undefined,
      responseHeaders: undefined,
      heads: 0,
      end: undefined,
      ends: 0,
      ended: promise,
    }
    this.calls.push(call)
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
    return {
      sent: (headers) => {
        call.sent = headers
      },
      responded: (statusCode, headers) => {
        call.heads++
        call.statusCode = statusCode
        call.responseHeaders = headers
      },
      end: (end) => {
        call.end = end
        call.ends++
        resolve(end)
      },
    }
  }

  /** The only call, once there is one. */
  async one(): Promise<RecordedCall> {
    const [call] = await this.atLeast(1)
    if (call === undefined || this.calls.length > 1) {
      throw new Error(
        `expected one call, got ${this.calls.map((each) => each.start.url).join(', ')}`,
      )
    }
    return call
  }

  /** The calls, once there are so many. */
  async atLeast(count: number): Promise<readonly RecordedCall[]> {
    while (this.calls.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
    return this.calls
  }
}

interface Resolvers<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
}

/** As `Promise.withResolvers`, which Node 20 does not have. */
export function withResolvers<Value = void>(): Resolvers<Value> {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** The headers as an object, names in lower case. */
export function headersOf(headers: RawHeaders | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  for (let i = 0; i + 1 < (headers?.length ?? 0); i += 2) {
    found[String(headers?.[i]).toLowerCase()] = String(headers?.[i + 1])
  }
  return found
}
