import type { CapturedBody } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { RawHeaders } from './raw-headers.js'
import type { Reference } from './record.js'

/*
 * Where the transports (a service's fetch, the diagnostics channels, the global fetch) meet the log. A transport reports what it
 * sees, unredacted; the log describes and redacts it, in one place, before it leaves the process's memory.
 */

/** What is known when a call begins; not redacted. */
export interface CallStart {
  /** A declared service; a call without one is only observed and recorded under its host. */
  readonly service?: string
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly requestHeaders: RawHeaders
  /** The request that makes the call. @default the request of the asynchronous context */
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

/** What is known when a call has ended. */
export interface CallEnd {
  /** Absent when there was no body, when it is not kept, and when the transport cannot see it. */
  readonly requestBody?: CapturedBody
  readonly responseBody?: CapturedBody
  /** Why there is no complete answer; absent for an answer that ended. */
  readonly error?: unknown
}

/** Links a response to its call, so that `of(response)` finds the record. */
export interface CallHolder {
  /** After a redirect, the last call. */
  call: OpenCall | undefined
  /** The log's object for the record, once that is written. */
  record: object | undefined
  /** Called with the handler that has just received the head of the answer. */
  headed?(handler: object): void
}

/** A call that is under way. None of its methods throws or waits; after `end` they do nothing. */
export interface OpenCall {
  /** The headers that were actually sent, where they are known only after the beginning. */
  sent(requestHeaders: RawHeaders): void
  /** The head of the answer has arrived. */
  responded(statusCode: number, responseHeaders: RawHeaders): void
  end(end: CallEnd): void
  /** The link from its response to its record. */
  holder?: CallHolder | undefined
}

/** Takes the calls that the transports report. */
export interface CallRecorder {
  /** Undefined for a call that is not recorded, such as one of the plugins' own. Never throws. */
  begin(start: CallStart): OpenCall | undefined
}

/** Takes an error of the plugin's own code; the application's call goes on as if it had not happened. */
export type FailureListener = (error: unknown) => void

/** Wraps a failure listener so that it never throws. */
export function quietly(listener: FailureListener): FailureListener {
  return (error) => {
    try {
      listener(error)
    } catch {
      // Nothing is left to report it to.
    }
  }
}
