import { performance } from 'node:perf_hooks'
import { errorForLog, onProcessEnd, type RecordStore } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { type BlockedStats, BlockedWatch } from './blocked/blocked-watch.js'
import { Delivery, type DeliveryStats } from './delivery.js'
import { AlreadyRegisteredError } from './errors.js'
import type { RouteSlowCall } from './limits.js'
import { markRoute } from './marks.js'
import { MetricsText } from './metrics.js'
import { serveMetrics } from './metrics-route.js'
import { resolveOptions, type Settings, type SlowCallOptions } from './options.js'
import { EventLoopSampler, GcPauses } from './process-figures.js'
import { instanceName, RouteMinutes } from './route-minutes.js'
import { WatchedRoutes } from './routes.js'
import { CallWatch, TICK_MS } from './watch.js'
import type { RouteStats } from './watched-route.js'

/** What the plugin has counted. */
export interface SlowCallStats {
  /** Calls without an answer, now. */
  readonly inFlight: number
  readonly reports: DeliveryStats
  /** The routes that were called. */
  readonly routes: readonly RouteStats[]
  /** Blocks of the event loop; null with `blockedAfterMs: false`. */
  readonly blocked: BlockedStats | null
}

/** What the plugin decorates the app with, as `app.slowCall`. */
export interface SlowCall {
  /**
   * Longest duration of a call where neither its route nor its prefix has a limit, in milliseconds. May be set at any time.
   *
   * @throws SCS_SLOW_CALL_ERR_OPTIONS
   */
  maxMs: number

  /**
   * Sets the limits of all routes whose URL begins with a prefix; a route's own limits win, and a longer prefix wins.
   *
   * @throws SCS_SLOW_CALL_ERR_ROUTE
   */
  forPrefix(prefix: string, limits: RouteSlowCall): void

  /** Counts and durations by route, since the app was started. */
  stats(): SlowCallStats

  /**
   * The same in the text format of Prometheus, version 0.0.4; durations are in seconds, buckets are the same for all routes. The route of
   * the option `metrics` makes it piece by piece, between requests; this call makes it at once.
   */
  metrics(): string
}

const plugin: FastifyPluginAsync<SlowCallOptions> = async (app, options) => {
  if (app.hasDecorator('slowCall')) throw new AlreadyRegisteredError()
  const settings = resolveOptions(options)
  const { scs } = app
  const routes = new WatchedRoutes((error) =>
    app.log.error({ err: errorForLog(error, scs.redactor) }, "the app's own limits hold instead"),
  )
  const delivery = new Delivery(settings, scs, app.log)
  const eventLoop = new EventLoopSampler(TICK_MS)
  const gc = new GcPauses()
  const watch = new CallWatch({ settings, routes, delivery, eventLoop, gc, scs })
  const { blockedAfterMs } = settings
  const blocked =
    blockedAfterMs === false ? undefined : new BlockedWatch(app, settings, blockedAfterMs, watch)
  let timer: NodeJS.Timeout | undefined
  let minutes: RouteMinutes | undefined
  const endings: (() => void)[] = []

  const metrics = new MetricsText()
  const slowCall = createSlowCall(settings, routes, watch, delivery, metrics, blocked)
  app.decorate('slowCall', slowCall)
  // Their handlers cannot be marked any more.
  for (const route of scs.lifecycle.routes) routes.add(route)
  app.addHook('onRoute', (route) => markRoute(route, routes.add(route)))
  const metricsText = () => metrics.textInPieces(routes.used(), watch.inFlight, blocked?.stats())
  if (settings.metrics !== undefined) serveMetrics(app, settings.metrics, metricsText)
  endings.push(scs.lifecycle.subscribe(watch))
  scs.records.onSettle(() => watch.deliverAll())
  app.addHook('onReady', (done) => {
    const store = storeOf(app)
    const names = { service: scs.source, instance: instanceName() }
    if (store !== undefined) minutes = new RouteMinutes(store, routes, names)
    timer = setInterval(() => {
      blocked?.tick()
      watch.tick(performance.now())
      minutes?.tick()
    }, TICK_MS).unref()
    // Behind the error reporter, which then still takes the reports.
    endings.push(onProcessEnd(() => watch.deliverAll(), app.log))
    // The store may end before this plugin.
    endings.push(store?.beforeLastFlush?.(() => minutes?.writeNow()) ?? (() => undefined))
    done()
  })
  app.addHook('preClose', (done) => {
    watch.shutDown(app.log)
    done()
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    blocked?.stop()
    minutes?.writeNow()
    for (const end of endings) end()
    gc.close()
    done()
  })
}

function createSlowCall(
  settings: Settings,
  routes: WatchedRoutes,
  watch: CallWatch,
  delivery: Delivery,
  metrics: MetricsText,
  blocked: BlockedWatch | undefined,
): SlowCall {
  return {
    get maxMs() {
      return settings.maxMs
    },
    set maxMs(maxMs) {
      settings.maxMs = resolveOptions({ maxMs }).maxMs
    },
    forPrefix: (prefix, limits) => routes.setPrefix(prefix, limits),
    stats: () => ({
      inFlight: watch.inFlight,
      reports: delivery.stats(),
      routes: routes.stats(),
      blocked: blocked?.stats() ?? null,
    }),
    metrics: () => metrics.textOf(routes.used(), watch.inFlight, blocked?.stats()),
  }
}

/** What the store plugin decorates the app with; undefined without it. Not by app.getDecorator, which Fastify has from 5.3 on. */
function storeOf(app: FastifyInstance): RecordStore | undefined {
  if (!app.hasDecorator('scsStore')) return undefined
  return (app as FastifyInstance & { readonly scsStore: RecordStore }).scsStore
}

/** Reports slow and stuck calls. Register it after core. */
const slowCallPlugin: FastifyPluginAsync<SlowCallOptions> = fp(plugin, {
  name: '@fastify-scs/slow-call',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default slowCallPlugin
