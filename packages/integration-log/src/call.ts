import type { CapturedBody } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { RawHeaders } from './raw-headers.js'
import type { Reference } from './record.js'

/*
 * Where the transports (a service's fetch, the diagnostics channels, the global fetch) meet the log. A transport tells what it
 * sees, as it is; the log describes and redacts it, in one place, before it leaves the process's memory.
 */

/** What is known of a call when it begins; nothing in it is redacted yet. */
export interface CallStart {
  /** A declared service; without one the call is only observed, and its host is its name. */
  readonly service?: string
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly requestHeaders: RawHeaders
  /** When the caller knows it; without it the request of the asynchronous context is asked for. */
  readonly request?: FastifyRequest
  readonly requestId?: string
  readonly reference?: Reference
  readonly description?: string
  readonly retryOf?: string
  /** The application's own name for the record. */
  readonly key?: string
  /** Whether the transport cannot see bodies. @default false */
  readonly hidesBodies?: boolean
}

/** What is known of a call when it is over. */
export interface CallEnd {
  /** Absent when there was none, it was not to be kept, or the transport cannot see it. */
  readonly requestBody?: CapturedBody
  readonly responseBody?: CapturedBody
  /** Why there is no answer, or not a whole one; absent for an answer that ended. */
  readonly error?: unknown
}

/** Keeps a call for whoever gets its answer. */
export interface CallHolder {
  /** The last of them, where one redirects to another. */
  call: OpenCall | undefined
  /** What the log knows the record by, once it is written. */
  record: object | undefined
  /** Is told of the handler that has just been given the head of the answer. */
  headed?(handler: object): void
}

/** A call that is under way. None of its methods throws or waits; what follows an `end` is not heard. */
export interface OpenCall {
  /** What the request really went out with, when that is known only now. */
  sent(requestHeaders: RawHeaders): void
  /** The head of the answer has arrived. */
  responded(statusCode: number, responseHeaders: RawHeaders): void
  end(end: CallEnd): void
  /** Who is to have its record. */
  holder?: CallHolder | undefined
}

/** Where a transport tells of calls. */
export interface CallRecorder {
  /** Undefined when the call is one of our own and is not recorded. Never throws. */
  begin(start: CallStart): OpenCall | undefined
}

/** Takes what went wrong in the plugin's own code while a call of the host passed, which the call does not notice. */
export type FailureListener = (error: unknown) => void

/** Makes sure that a listener to failures does not fail itself. */
export function quietly(listener: FailureListener): FailureListener {
  return (error) => {
    try {
      listener(error)
    } catch {
      // There is nobody left to tell.
    }
  }
}
