import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { createRecordId, DurationHistogram, type RecordStore } from '@fastify-scs/core/kit'
import { UNKNOWN_ROUTE, type WatchedRoutes } from './routes.js'
import type { TakenCounts, WatchedRoute } from './watched-route.js'

const MINUTE_MS = 60_000

/** Routes of one minute that have a record of their own; the calls of the others are summed up. */
export const MAX_OWN_RECORDS = 500

/** Stands for the routes that have no record of their own. */
export const OTHER_ROUTES = '(other routes)'

/** The calls of a route in a minute. */
interface Counted {
  readonly route: string
  readonly counts: TakenCounts
}

/** Names this process among the instances of its service: host, process id and four random bytes. */
export function instanceName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`
}

/** Writes the calls of each route and minute to the store, when the minute is over. */
export class RouteMinutes {
  readonly #store: Pick<RecordStore, 'write'>
  readonly #routes: WatchedRoutes
  readonly #service: string
  readonly #instance: string
  /** When the minute began that is being counted, in milliseconds since 1970. */
  #minuteAt: number

  constructor(
    store: Pick<RecordStore, 'write'>,
    routes: WatchedRoutes,
    names: { readonly service: string; readonly instance: string },
    nowMs: number = Date.now(),
  ) {
    this.#store = store
    this.#routes = routes
    this.#service = names.service
    this.#instance = names.instance
    this.#minuteAt = minuteOf(nowMs)
  }

  /** To be called often; writes the minute that is over. */
  tick(nowMs: number = Date.now()): void {
    const minuteAt = minuteOf(nowMs)
    if (minuteAt === this.#minuteAt) return
    this.writeNow()
    this.#minuteAt = minuteAt
  }

  /** Writes what has been counted of the minute so far: the process ends. What is counted afterwards is another record of it. */
  writeNow(): void {
    const counted = this.#routes.used().flatMap((route): Counted[] => {
      const counts = route.takeCounts()
      return counts === undefined ? [] : [{ route: nameOf(route), counts }]
    })
    for (const { route, counts } of bounded(counted)) this.#write(route, counts)
  }

  #write(route: string, counts: TakenCounts): void {
    this.#store.write({
      kind: 'route_stats',
      id: createRecordId(),
      createdAt: this.#minuteAt,
      revision: 0,
      keys: { service: this.#service, route },
      data: { instance: this.#instance, ...counts },
      importance: 'low',
    })
  }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS
}

function nameOf({ method, url }: WatchedRoute): string {
  return url === UNKNOWN_ROUTE ? url : `${method} ${url}`
}

/** Routes with calls that failed or were slow go first, then those that were called most. */
function bounded(counted: Counted[]): readonly Counted[] {
  if (counted.length <= MAX_OWN_RECORDS) return counted
  const byWeight = counted.sort(
    ({ counts: one }, { counts: other }) =>
      Number(isTroubled(other)) - Number(isTroubled(one)) || other.calls - one.calls,
  )
  const others = byWeight.slice(MAX_OWN_RECORDS).map(({ counts }) => counts)
  return [...byWeight.slice(0, MAX_OWN_RECORDS), { route: OTHER_ROUTES, counts: sumOf(others) }]
}

function isTroubled({ failed, slow, stuck }: TakenCounts): boolean {
  return failed + slow + stuck > 0
}

function sumOf(all: readonly TakenCounts[]): TakenCounts {
  const durations = new DurationHistogram()
  const sum = { calls: 0, failed: 0, slow: 0, stuck: 0, aborted: 0 }
  for (const counts of all) {
    durations.add(counts)
    sum.calls += counts.calls
    sum.failed += counts.failed
    sum.slow += counts.slow
    sum.stuck += counts.stuck
    sum.aborted += counts.aborted
  }
  return { ...sum, ...durations.recorded() }
}
