import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { Guard } from './access/guard.js'
import { callLimit } from './access/rate-limit.js'
import { changeRoutes } from './api/changes.js'
import { ConsoleRoutes } from './api/console-routes.js'
import { exportRoutes } from './api/export.js'
import { groupRoutes } from './api/groups.js'
import { liveRoutes } from './api/live.js'
import { overviewRoutes } from './api/overview.js'
import { pageRoutes } from './api/page.js'
import type { ApiParts } from './api/parts.js'
import { recordRoutes } from './api/records.js'
import { figureRoutes } from './api/routes-and-store.js'
import { sessionRoutes } from './api/session.js'
import { timelineRoutes } from './api/timelines.js'
import { readPage } from './assets/manifest.js'
import { pageFolderOf } from './assets/page-folder.js'
import { AuditTrail } from './audit.js'
import { Downloads } from './export/downloads.js'
import { ConsoleFailures } from './failures.js'
import { LiveHub } from './live/live-hub.js'
import { type ConsoleOptions, resolveOptions } from './options.js'
import { QueryGate } from './query/query-gate.js'
import { RecordPager } from './query/record-pager.js'

const plugin: FastifyPluginAsync<ConsoleOptions> = async (app, given) => {
  const options = resolveOptions(given)
  const { prefix } = options
  const page = await readPage(pageFolderOf(options.pageFolder))
  const guard = new Guard(options)
  const gate = new QueryGate(options)
  const pager = new RecordPager()
  const failures = new ConsoleFailures(app)
  const limit = await callLimit(app, options.rateLimit)
  const routes = new ConsoleRoutes({ app, prefix, guard, limit, failures })
  const live = new LiveHub({ app, gate, pager, failures, maxClients: options.maxLiveClients })
  const downloads = new Downloads()
  const audit = new AuditTrail(app)
  const parts: ApiParts = {
    app,
    store: app.scsStore,
    guard,
    gate,
    pager,
    audit,
    live,
    downloads,
    failures,
  }

  sessionRoutes(routes, parts)
  overviewRoutes(routes, parts)
  figureRoutes(routes, parts)
  groupRoutes(routes, parts)
  recordRoutes(routes, parts)
  timelineRoutes(routes, parts)
  exportRoutes(routes, parts)
  liveRoutes(routes, parts)
  changeRoutes(routes, parts)
  pageRoutes(routes, page, `${app.prefix}${prefix}`)
  // Before the server waits for its connections to end.
  app.addHook('preClose', (done) => {
    live.close()
    downloads.close()
    done()
  })
  app.addHook('onClose', (_app, done) => {
    failures.close()
    done()
  })
}

/** The console: a page over what the store keeps. Register it after core and the store, where the application's own 404 is. */
const consolePlugin: FastifyPluginAsync<ConsoleOptions> = fp(plugin, {
  name: '@fastify-scs/console',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core', '@fastify-scs/store'],
})

export default consolePlugin
