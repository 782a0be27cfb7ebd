import { tracingChannel } from 'node:diagnostics_channel'
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
  const running = new WeakMap<object, RunningCall>()

  function start(message: DriverMessage): void {
    // Read even where nothing is noted: the next query has not waited.
    const waitedMs = reader.waitedMs?.()
    const told = reader.start(message)
    const query = told === undefined ? undefined : begin(told)
    if (query === undefined) return
    if (waitedMs !== undefined) query.connected()
    running.set(message, { query, waitedMs: waitedMs ?? 0, connectedAt: performance.now() })
  }

  function end(message: DriverMessage): void {
    const call = running.get(message)
    if (call === undefined) return
    running.delete(message)
    const durationMs = call.waitedMs + performance.now() - call.connectedAt
    const { error } = message
    call.query.end({
      durationMs,
      error,
      rows: error === undefined ? reader.rows?.(message) : undefined,
    })
  }

  const steps = {
    start: quietly(start),
    // Published before the driver calls back, and when a promise is settled: the end of the call, not of what is made of its result.
    asyncStart: quietly(end),
    // All that there is of a call that has thrown.
    error: quietly(end),
    end: ignore,
    asyncEnd: ignore,
  }
  const channel = tracingChannel<unknown, DriverMessage>(name)
  channel.subscribe(steps)
  return () => channel.unsubscribe(steps)
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

export function ignore(): void {}
