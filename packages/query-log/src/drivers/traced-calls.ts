import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { currentRequest } from '@fastify-scs/core'
import type { ObservedQuery, QueryStart } from '../observed-query.js'
import { observerFailed } from '../request-queries.js'

/** Begins a query of the running request, if it is one of the app that listens. */
export type BeginQuery = (start: QueryStart) => ObservedQuery | undefined

/** What a driver publishes on a channel: read, never kept. */
export type DriverMessage = Readonly<Record<string, unknown>>

/** How the messages of a channel are read. */
export interface MessageReader {
  /** Undefined: it is no query. */
  start(message: DriverMessage): QueryStart | undefined
  /** Milliseconds of the wait for a connection, which has just ended; undefined where it is not known. */
  waitedMs?(): number | undefined
  /** Rows of what the driver has got. */
  rows?(message: DriverMessage): number | undefined
}

interface Waited {
  readonly forMs: number
  /** Milliseconds of the monotonic clock. */
  readonly until: number
}

// On the message itself, which Node hands to all steps of a call for that: a WeakMap of many short lives is a cost of its own.
type Noted<Key extends symbol> = DriverMessage & { [key in Key]?: ObservedQuery | undefined }
const WAITED: unique symbol = Symbol('@fastify-scs/query-log/waited')
type MessageThatWaited = DriverMessage & { [WAITED]?: Waited }

/** Hears of a driver's calls on its TracingChannel, until the function that it returns is called. */
export function listenToCalls(name: string, reader: MessageReader, begin: BeginQuery): () => void {
  // Each app that listens has its own.
  const QUERY: unique symbol = Symbol('@fastify-scs/query-log/query')

  function start(message: Noted<typeof QUERY>): void {
    // Read even where nothing is noted: the next query has not waited.
    const waitedMs = reader.waitedMs?.()
    // Before anything is made of the message: commands of jobs, and of requests of others, cost nothing more.
    if (currentRequest() === undefined) return
    const told = reader.start(message)
    const query = told === undefined ? undefined : begin(told)
    if (query === undefined) return
    message[QUERY] = query
    if (waitedMs === undefined) return
    query.connected()
    const waiting: MessageThatWaited = message
    waiting[WAITED] = { forMs: waitedMs, until: performance.now() }
  }

  function end(message: Noted<typeof QUERY>): void {
    const query = message[QUERY]
    if (query === undefined) return
    message[QUERY] = undefined
    const { error } = message
    query.end({
      durationMs: durationOf(message),
      error,
      rows: error === undefined ? reader.rows?.(message) : undefined,
    })
  }

  return listenToSteps(name, {
    start,
    // Published before the driver calls back, and when a promise is settled: the end of the call, not of what is made of its result.
    asyncStart: end,
    // All that there is of a call that has thrown.
    error: end,
  })
}

/** With the wait; undefined where there was none, so that it lasts from its start to its end. */
function durationOf(message: MessageThatWaited): number | undefined {
  const waited = message[WAITED]
  return waited === undefined ? undefined : waited.forMs + performance.now() - waited.until
}

/** Hears of some steps of a TracingChannel, and of no other, which would cost. */
export function listenToSteps(
  name: string,
  steps: Readonly<Record<string, (message: DriverMessage) => void>>,
): () => void {
  const listeners = Object.entries(steps).map(
    ([step, read]) => [`tracing:${name}:${step}`, quietly(read)] as const,
  )
  for (const [step, listener] of listeners) subscribe(step, listener)
  return () => {
    for (const [step, listener] of listeners) unsubscribe(step, listener)
  }
}

/** Ends all of them. */
export function endAll(ends: readonly (() => void)[]): () => void {
  return () => {
    for (const end of ends) end()
  }
}

/** What a subscriber throws would end the process. */
export function quietly(read: (message: DriverMessage) => void): (message: unknown) => void {
  return (message) => {
    try {
      if (isMessage(message)) read(message)
    } catch (error) {
      observerFailed(error)
    }
  }
}

function isMessage(message: unknown): message is DriverMessage {
  return typeof message === 'object' && message !== null
}
