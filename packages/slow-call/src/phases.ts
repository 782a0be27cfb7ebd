import type { Call } from './call.js'

/** Where the time of a call went, in milliseconds. All but `sendingMs` and `uploadMs` add up to its duration. */
export interface Phases {
  /** The client sending its body. Not part of the duration, unless the handler reads the body itself. */
  readonly uploadMs: number
  /** Making a value of the body, and preParsing hooks. */
  readonly parsingMs: number
  /** Hooks before the handler and asynchronous ones behind it, and validation. */
  readonly hooksMs: number
  /** The handler; of a stream also the wait for its first chunk. With `serializationMs` null, serialization as well. */
  readonly handlerMs: number
  /** From the handler's answer to its bytes; null when it could not be told apart. */
  readonly serializationMs: number | null
  /** From the first byte to the last, the client's download; null while it goes on, or when it never began. */
  readonly sendingMs: number | null
}

/** The phase that a call is in. */
export type PhaseName = 'hooks' | 'upload' | 'parsing' | 'handler' | 'serialization'

/** Milliseconds that the call has waited for its body, before anything of ours could go on. */
export function uploadWaitMs(call: Call, at: number): number {
  const { parseAt, parsedAt, bodyEndAt } = call
  if (parseAt === 0) return 0
  const until = parsedAt === 0 ? at : parsedAt
  if (bodyEndAt !== 0 && bodyEndAt <= until) return bodyEndAt - parseAt
  // Parsing, and the body is still on its way; a body that was there at once, or is left to the handler, is no wait.
  return parsedAt === 0 && !call.request.raw.complete ? at - parseAt : 0
}

/** What a call is judged by, in milliseconds: arrival to `at` without the wait for its body. */
export function durationMs(call: Call, at: number): number {
  return at - call.startedAt - uploadWaitMs(call, at)
}

/** Splits the time from arrival to `at`, the first byte or the moment of looking. */
export function phasesOf(call: Call, at: number): Phases {
  const { parseAt, parsedAt, bodyEndAt, handlerAt, handledAt } = call
  const sentAt = call.sentAt === 0 ? at : call.sentAt
  const waitMs = uploadWaitMs(call, at)
  const parsingMs = parseAt === 0 ? 0 : (parsedAt === 0 ? at : parsedAt) - parseAt - waitMs
  const handlerEnd = handledAt === 0 ? at : handledAt
  const streamMs = call.isStream && handledAt !== 0 ? at - sentAt : 0
  const handlerMs = (handlerAt === 0 ? 0 : handlerEnd - handlerAt) + streamMs
  const serializationMs = handledAt === 0 ? null : Math.min(sentAt, at) - handledAt
  const hooksMs = durationMs(call, at) - parsingMs - handlerMs - (serializationMs ?? 0)
  return {
    uploadMs: bodyEndAt === 0 ? waitMs : bodyEndAt - parseAt,
    parsingMs,
    // The sum of floating point differences may miss 0 by a hair.
    hooksMs: Math.max(0, hooksMs),
    handlerMs,
    serializationMs,
    sendingMs: null,
  }
}

/** The phase that an unanswered call is in. */
export function currentPhase(call: Call): PhaseName {
  if (call.parseAt !== 0 && call.parsedAt === 0) {
    return call.bodyEndAt === 0 && !call.request.raw.complete ? 'upload' : 'parsing'
  }
  if (call.handlerAt === 0) return 'hooks'
  if (call.handledAt === 0) return 'handler'
  if (call.sentAt === 0) return 'serialization'
  return call.isStream ? 'handler' : 'hooks'
}
