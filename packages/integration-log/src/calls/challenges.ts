import { performance } from 'node:perf_hooks'
import type { FastifyRequest } from 'fastify'
import type { CallStart } from '../call.js'
import type { Draft } from '../log/draft.js'
import { headerOf } from '../raw-headers.js'
import type { RecordedCall } from './recorded-call.js'

/** Longest time between a challenge and the call that answers it, in milliseconds. */
const ANSWERED_WITHIN_MS = 30_000
/** Calls that are remembered at a time. */
const MAX_OPEN = 100

/** The request header that answers each of the two status codes. */
const ANSWERS: Readonly<Record<number, string>> = {
  401: 'authorization',
  407: 'proxy-authorization',
}

/** A call that was answered by 401 or 407. */
export interface Challenge {
  readonly call: RecordedCall
  readonly header: string
  readonly until: number
  /** Its record, once it is written. */
  draft: Draft | undefined
}

/**
 * Remembers calls that were answered by 401 or 407 for a while, so that a second try with other credentials can be matched to them.
 * It costs nothing while there are no such calls.
 */
export class Challenges {
  readonly #open: Challenge[] = []

  /** Whether there are any. */
  get isEmpty(): boolean {
    return this.#open.length === 0
  }

  /** Remembers a call that was answered by 401 or 407. */
  add(call: RecordedCall): void {
    const header = ANSWERS[call.statusCode ?? 0]
    if (header === undefined) return
    if (this.#open.length >= MAX_OPEN) this.#open.shift()
    const until = performance.now() + ANSWERED_WITHIN_MS
    this.#open.push({ call, header, until, draft: undefined })
  }

  /** Keeps the record of a call that is remembered. */
  keep(call: RecordedCall, draft: Draft): void {
    const challenge = this.#open.find((each) => each.call === call)
    if (challenge !== undefined) challenge.draft = draft
  }

  /** Forgets a call that has failed for another reason. */
  drop(call: RecordedCall): void {
    const at = this.#open.findIndex((each) => each.call === call)
    if (at !== -1) this.#open.splice(at, 1)
  }

  /** Removes and returns the earliest call that a new one answers: same request, method and URL, other credentials. */
  answeredBy(start: CallStart, request: FastifyRequest | undefined): Challenge | undefined {
    const now = performance.now()
    while ((this.#open[0]?.until ?? now) < now) this.#open.shift()
    const at = this.#open.findIndex((each) => isAnswer(each, start, request))
    return at === -1 ? undefined : this.#open.splice(at, 1)[0]
  }
}

function isAnswer(
  { call, header }: Challenge,
  start: CallStart,
  request: FastifyRequest | undefined,
): boolean {
  const { url, method, service } = call.start
  if (start.url !== url || start.method !== method || start.service !== service) return false
  if (call.request !== request) return false
  const given = headerOf(start.requestHeaders, header)
  return given !== undefined && given !== headerOf(call.requestHeaders, header)
}
