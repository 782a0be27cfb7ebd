import { performance } from 'node:perf_hooks'
import { clientOf, type LifeSubscriber, type RequestLife } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import {
  Call,
  callKey,
  currentPhase,
  durationMs,
  isClientGone,
  isUpgraded,
  type WatchedLife,
} from './call.js'
import { CallsInFlight } from './calls-in-flight.js'
import { type Delivery, PendingReports } from './delivery.js'
import { markSend } from './marks.js'
import type { Occurrence, OccurrenceCounter } from './occurrences.js'
import type { Settings } from './options.js'
import { endpointOf, makeReport, type ReportSources, type SlowCallReport } from './report.js'
import type { WatchedRoutes } from './routes.js'
import type { WatchedRoute } from './watched-route.js'

/** How often the calls in flight are looked at and the event loop is sampled, in milliseconds. */
export const TICK_MS = 100
/** Observing garbage collection begins when a call has used up this share of the app's limit. */
const GC_FROM_SHARE = 0.25
/** Calls that the log names at shutdown. */
const MAX_NAMED = 100
/** The end of a call that was reported as stuck is always reported. */
const REPORTED_AGAIN: Occurrence = { number: 1, suppressed: 0 }

/** What the watch works with. */
export interface WatchContext extends ReportSources {
  readonly settings: Settings
  readonly routes: WatchedRoutes
  readonly delivery: Delivery
}

/** Follows each call from its arrival to its first byte, and reports the slow and the stuck ones. */
export class CallWatch implements LifeSubscriber {
  readonly #context: WatchContext
  readonly #inFlight = new CallsInFlight()
  readonly #pending: PendingReports

  constructor(context: WatchContext) {
    this.#context = context
    this.#pending = new PendingReports(context.delivery)
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  /** The calls without an answer, oldest first. */
  get calls(): Iterable<Call> {
    return this.#inFlight
  }

  /** The route of a call. */
  routeOf(call: Call): WatchedRoute {
    call.route ??= this.#context.routes.of(call.life.request)
    return call.route
  }

  /** A request has arrived. */
  readonly onArrival = (life: RequestLife): void => {
    const call = new Call(life, this.#inFlight.size)
    ;(life as WatchedLife)[callKey] = call
    this.#inFlight.add(call)
  }

  /** The head of an answer has been written: the call is judged. */
  readonly onHead = (life: RequestLife, status: number): void => {
    const call = (life as WatchedLife)[callKey]
    if (call?.firstByteAt === 0) this.#answered(call, performance.now(), status)
  }

  /** Looks at the calls in flight; to be called every TICK_MS. */
  tick(now: number): void {
    this.#context.eventLoop.sample(now)
    for (const call of this.#inFlight) {
      // A handshake that was answered was not aborted, even where its connection is gone by now.
      if (isUpgraded(call)) this.#upgraded(call, now)
      else if (isClientGone(call)) this.#abort(call, now)
      else this.#look(call, now)
    }
    this.#context.gc.rest(now)
    this.#pending.tick(now)
  }

  /** Delivers the reports that wait for their answers to be sent. */
  deliverAll(): void {
    this.#pending.flush()
  }

  /** Names the calls that are still running, and delivers the reports that wait. */
  shutDown(log: FastifyBaseLogger): void {
    this.deliverAll()
    if (this.#inFlight.size === 0) return
    const now = performance.now()
    const calls = [...this.#inFlight].slice(0, MAX_NAMED).map((call) => ({
      endpoint: endpointOf(call, this.routeOf(call)),
      requestId: call.life.request.id,
      ageMs: Math.round(now - call.life.arrivedAt),
      phase: currentPhase(call),
    }))
    log.warn({ calls }, `${this.#inFlight.size} calls are still running at shutdown`)
  }

  #answered(call: Call, at: number, status: number): void {
    call.firstByteAt = at
    if (call.isAborted) return
    this.#inFlight.remove(call)
    const route = this.routeOf(call)
    const duration = durationMs(call, at)
    const isFailed = status >= 500
    route.histogram.record(duration)
    if (isFailed) route.failed++
    if (call.isReportedStuck) this.#reportEnd(call, route)
    else if (!isFailed) this.#judge(call, route, duration)
  }

  #judge(call: Call, route: WatchedRoute, duration: number): void {
    const limitMs = route.maxMs ?? this.#context.settings.maxMs
    if (limitMs === false || duration <= limitMs) return
    route.slow++
    const at = endOf(call)
    const occurrence = this.#chosen('slow', call, route.slowCalls, at)
    if (occurrence === undefined) {
      route.suppressed++
      return
    }
    const finding = { kind: 'slow', route, limitMs, occurrence } as const
    this.#report(call, makeReport(call, finding, at, this.#context))
  }

  /** The occurrence, if it is to be reported: by the route's own count, or because somebody waits to hear of it again. */
  #chosen(
    kind: 'slow' | 'stuck',
    call: Call,
    calls: OccurrenceCounter,
    at: number,
  ): Occurrence | undefined {
    const occurrence = calls.count(at)
    // It may have been counted as stuck before.
    call.isCounted = false
    if (occurrence !== undefined) return occurrence
    return this.#context.delivery.count(kind, call) ? calls.chooseLast() : undefined
  }

  #reportEnd(call: Call, route: WatchedRoute): void {
    const limitMs = this.#stuckAfterMs(route)
    if (limitMs === false) return
    const at = endOf(call)
    const finding = { kind: 'stuck-ended', route, limitMs, occurrence: REPORTED_AGAIN } as const
    this.#report(call, makeReport(call, finding, at, this.#context))
  }

  #report(call: Call, report: SlowCallReport): void {
    const { request } = call.life
    // Once the answer has been sent, the client's address can no longer be asked for.
    clientOf(request)
    // An answer that is being sent is waited for, so that the report can say how long that took.
    if (report.status === null) this.#context.delivery.deliver(report, call)
    else this.#pending.add(call, report)
  }

  /** The client left: its call is no longer watched; if it was over its limit by then, it was slow. */
  #abort(call: Call, now: number): void {
    call.isAborted = true
    this.#inFlight.remove(call)
    const route = this.routeOf(call)
    route.aborted++
    if (call.isReportedStuck) this.#reportEnd(call, route)
    else this.#judge(call, route, durationMs(call, now))
  }

  /** A WebSocket's handshake bypasses `writeHead`; it is over when its handler is called. */
  #upgraded(call: Call, now: number): void {
    const at = call.handlerAt === 0 ? now : call.handlerAt
    this.#answered(call, at, call.life.reply.raw.statusCode)
  }

  /** A call that is in flight at a tick takes long enough to be looked at closely. */
  #look(call: Call, now: number): void {
    const { gc, settings } = this.#context
    markSend(call)
    // Its client may leave before the call is found to be slow.
    clientOf(call.life.request)
    if (now - call.life.arrivedAt >= settings.maxMs * GC_FROM_SHARE) gc.observe(now)
    if (call.isStuck) return
    const route = this.routeOf(call)
    const limitMs = this.#stuckAfterMs(route)
    if (limitMs === false || durationMs(call, now) < limitMs) return
    call.isStuck = true
    route.stuck++
    const occurrence = this.#chosen('stuck', call, route.stuckCalls, now)
    if (occurrence === undefined) {
      route.suppressed++
      return
    }
    call.isReportedStuck = true
    const finding = { kind: 'stuck', route, limitMs, occurrence } as const
    this.#report(call, makeReport(call, finding, now, this.#context))
  }

  #stuckAfterMs(route: WatchedRoute): number | false {
    return route.stuckAfterMs ?? this.#context.settings.stuckAfterMs
  }
}

// Of an aborted call nobody waits for the first byte.
function endOf(call: Call): number {
  return call.isAborted ? performance.now() : call.firstByteAt
}
