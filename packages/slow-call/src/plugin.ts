import { performance } from 'node:perf_hooks'
import { onProcessEnd } from '@fastify-scs/core/kit'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { CallWatch, TICK_MS } from './call-watch.js'
import { Delivery } from './delivery.js'
import { AlreadyRegisteredError } from './errors.js'
import { EventLoopSampler } from './event-loop.js'
import { GcPauses } from './gc-pauses.js'
import { markRoute } from './mark-route.js'
import { resolveOptions, type SlowCallOptions } from './options.js'
import { createSlowCall } from './slow-call.js'
import { WatchedRoutes } from './watched-routes.js'

const plugin: FastifyPluginAsync<SlowCallOptions> = async (app, options) => {
  if (app.hasDecorator('slowCall')) throw new AlreadyRegisteredError()
  const settings = resolveOptions(options)
  const routes = new WatchedRoutes()
  const delivery = new Delivery(settings, app.scs.redactor, app.log)
  const eventLoop = new EventLoopSampler(TICK_MS)
  const gc = new GcPauses()
  const watch = new CallWatch({ settings, routes, delivery, eventLoop, gc, scs: app.scs })
  let timer: NodeJS.Timeout | undefined
  let forgetProcessEnd: (() => void) | undefined

  app.decorate('slowCall', createSlowCall(settings, routes, watch, delivery))
  app.addHook('onRoute', (route) => markRoute(route, routes.add(route)))
  // The only hook that every request runs.
  app.addHook('onRequest', (request, reply, done) => {
    watch.begin(request, reply)
    done()
  })
  app.addHook('onReady', (done) => {
    timer = setInterval(() => watch.tick(performance.now()), TICK_MS).unref()
    // Behind the error reporter, which then still takes what is told to it.
    forgetProcessEnd = onProcessEnd(() => watch.deliverAll(), app.log)
    done()
  })
  app.addHook('preClose', (done) => {
    watch.shutDown(app.log)
    done()
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    forgetProcessEnd?.()
    gc.close()
    done()
  })
}

/** Reports slow and stuck calls. Register it after core and before the routes. */
const slowCallPlugin: FastifyPluginAsync<SlowCallOptions> = fp(plugin, {
  name: '@fastify-scs/slow-call',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default slowCallPlugin
