import { performance } from 'node:perf_hooks'
import { clientOf } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { type AnswerListener, Call, endpointOf, isClientGone, isUpgraded } from './call.js'
import { CallsInFlight } from './calls-in-flight.js'
import type { Delivery } from './delivery.js'
import type { Settings } from './options.js'
import { PendingReports } from './pending-reports.js'
import { currentPhase, durationMs } from './phases.js'
import { makeReport, type ReportSources, type SlowCallReport } from './report.js'
import type { Occurrence } from './storm.js'
import { watchFirstByte, watchSend } from './timed-reply.js'
import type { WatchedRoute } from './watched-route.js'
import type { WatchedRoutes } from './watched-routes.js'

/** How often the calls in flight are looked at and the event loop is sampled. */
export const TICK_MS = 100
/** Observing garbage collection begins when a call has used up this share of the app's limit. */
const GC_FROM_SHARE = 0.25
/** Calls that the log names at shutdown. */
const MAX_NAMED = 100
const TOLD_AGAIN: Occurrence = { number: 1, suppressed: 0 }

/** What the watch works with. */
export interface WatchContext extends ReportSources {
  readonly settings: Settings
  readonly routes: WatchedRoutes
  readonly delivery: Delivery
}

/** Follows each call from its arrival to its first byte, and reports the slow and the stuck ones. */
export class CallWatch implements AnswerListener {
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

  /** A request has arrived. */
  begin(request: FastifyRequest, reply: FastifyReply): void {
    const call = new Call(request, reply, this, this.#inFlight.size, performance.now())
    watchFirstByte(reply.raw, call)
    this.#inFlight.add(call)
  }

  /** The head of an answer has been written: the call is judged. */
  answered(call: Call): void {
    if (call.isAborted) return
    this.#inFlight.remove(call)
    const route = this.#routeOf(call)
    const duration = durationMs(call, call.firstByteAt)
    const isFailed = call.reply.raw.statusCode >= 500
    route.histogram.record(duration)
    if (isFailed) route.failed++
    if (call.isToldStuck) this.#tellAgain(call, route)
    else if (!isFailed) this.#judge(call, route, duration)
  }

  /** Looks at the calls in flight; to be called each TICK_MS. */
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

  /** Delivers what waits for its answer to be sent. */
  deliverAll(): void {
    this.#pending.flush()
  }

  /** Names the calls that are still running, and delivers what waits. */
  shutDown(log: FastifyBaseLogger): void {
    this.deliverAll()
    if (this.#inFlight.size === 0) return
    const now = performance.now()
    const calls = [...this.#inFlight].slice(0, MAX_NAMED).map((call) => ({
      endpoint: endpointOf(call, this.#routeOf(call)),
      requestId: call.request.id,
      ageMs: Math.round(now - call.startedAt),
      phase: currentPhase(call),
    }))
    log.warn({ calls }, `${this.#inFlight.size} calls are still running at shutdown`)
  }

  #routeOf(call: Call): WatchedRoute {
    call.route ??= this.#context.routes.of(call.request)
    return call.route
  }

  #judge(call: Call, route: WatchedRoute, duration: number): void {
    const limitMs = route.maxMs ?? this.#context.settings.maxMs
    if (limitMs === false || duration <= limitMs) return
    route.slow++
    const at = endOf(call)
    const occurrence = route.slowStorm.count(at)
    if (occurrence === undefined) {
      route.suppressed++
      return
    }
    const finding = { kind: 'slow', route, limitMs, occurrence } as const
    this.#tell(call, makeReport(call, finding, at, this.#context))
  }

  #tellAgain(call: Call, route: WatchedRoute): void {
    const limitMs = this.#stuckAfterMs(route)
    if (limitMs === false) return
    const at = endOf(call)
    const finding = { kind: 'stuck-ended', route, limitMs, occurrence: TOLD_AGAIN } as const
    this.#tell(call, makeReport(call, finding, at, this.#context))
  }

  #tell(call: Call, report: SlowCallReport): void {
    // Whoever is told of a call that has been sent cannot ask for its client any more.
    clientOf(call.request)
    // An answer that is being sent is waited for, so that the report can say how long that took.
    if (report.status === null) this.#context.delivery.deliver(report, call.request)
    else this.#pending.add(call, report)
  }

  /** The client left: its call is watched no longer, but it has been slow if it was so by then. */
  #abort(call: Call, now: number): void {
    call.isAborted = true
    this.#inFlight.remove(call)
    const route = this.#routeOf(call)
    route.aborted++
    if (call.isToldStuck) this.#tellAgain(call, route)
    else this.#judge(call, route, durationMs(call, now))
  }

  /** A WebSocket's handshake passes no `writeHead`; it is done by the handler when that is called. */
  #upgraded(call: Call, now: number): void {
    call.firstByteAt = call.handlerAt === 0 ? now : call.handlerAt
    this.answered(call)
  }

  /** A call that is in flight at a tick takes long enough to be looked at closely. */
  #look(call: Call, now: number): void {
    watchSend(call)
    // It may leave before its call is found to be slow.
    clientOf(call.request)
    const { gc, settings } = this.#context
    if (now - call.startedAt >= settings.maxMs * GC_FROM_SHARE) gc.observe(now)
    if (call.isStuck) return
    const route = this.#routeOf(call)
    const limitMs = this.#stuckAfterMs(route)
    if (limitMs === false || durationMs(call, now) < limitMs) return
    call.isStuck = true
    route.stuck++
    const occurrence = route.stuckStorm.count(now)
    if (occurrence === undefined) {
      route.suppressed++
      return
    }
    call.isToldStuck = true
    const finding = { kind: 'stuck', route, limitMs, occurrence } as const
    this.#tell(call, makeReport(call, finding, now, this.#context))
  }

  #stuckAfterMs(route: WatchedRoute): number | false {
    return route.stuckAfterMs ?? this.#context.settings.stuckAfterMs
  }
}

// Of an aborted call nobody waits for the first byte.
function endOf(call: Call): number {
  return call.isAborted ? performance.now() : call.firstByteAt
}
