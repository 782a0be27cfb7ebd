import { subscribe, unsubscribe } from 'node:diagnostics_channel'
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

interface RunningCall {
  readonly query: ObservedQuery
  /** The end of the wait, in milliseconds of the monotonic clock. */
  readonly connectedAt: number
  readonly waitedMs: number
}

/** Hears of a driver's calls on its TracingChannel, until the function that it returns is called. */
export function listenToCalls(name: string, reader: MessageReader, begin: BeginQuery): () => void {
  // On the message itself, which Node hands to all steps of a call for that: a WeakMap of many short lives is a cost of its own.
  const CALL: unique symbol = Symbol('@fastify-scs/query-log/call')
  type Noted = DriverMessage & { [CALL]?: RunningCall | undefined }

  function start(message: Noted): void {
    // Read even where nothing is noted: the next query has not waited.
    const waitedMs = reader.waitedMs?.()
    const told = reader.start(message)
    const query = told === undefined ? undefined : begin(told)
    if (query === undefined) return
    if (waitedMs !== undefined) query.connected()
    message[CALL] = { query, waitedMs: waitedMs ?? 0, connectedAt: performance.now() }
  }

  function end(message: Noted): void {
    const call = message[CALL]
    if (call === undefined) return
    message[CALL] = undefined
    const durationMs = call.waitedMs + performance.now() - call.connectedAt
    const { error } = message
    call.query.end({
      durationMs,
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
