import { keepRequestContext } from '@fastify-scs/core/kit'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { listenToDrivers } from './drivers/driver-channels.js'
import { AlreadyRegisteredError } from './errors.js'
import { queriesFact } from './fact/queries-fact.js'
import { APP_QUERIES, AppQueries, type QueryLogStats } from './noting/app-queries.js'
import { type QueryLogOptions, resolveOptions } from './options.js'
import { beginQueryIn, notesOf, QUERIES } from './request-queries.js'

/** What the plugin decorates the app with, as `app.queryLog`. */
export interface QueryLog {
  stats(): QueryLogStats
}

const plugin: FastifyPluginAsync<QueryLogOptions> = async (app, given) => {
  if (app.hasDecorator('queryLog')) throw new AlreadyRegisteredError()
  const queries = new AppQueries(resolveOptions(given), app.scs.redactor, app.log)
  keepRequestContext(app)
  app.decorate('queryLog', { stats: () => queries.stats() })
  app.decorateRequest(QUERIES, null)
  app.decorateRequest(APP_QUERIES, { getter: () => queries })
  const { channels } = queries.settings
  const endings = [
    app.scs.requestFacts.add('queries', (request) => {
      const notes = notesOf(request)
      return notes === undefined ? undefined : queriesFact(notes, app.scs.redactor)
    }),
    listenToDrivers(channels, (start) => beginQueryIn(queries, start)),
  ]
  app.addHook('onClose', (_app, done) => {
    for (const end of endings) end()
    done()
  })
}

/** Notes the queries of each request. Register it once, after @fastify-scs/core and before the routes. */
const queryLog: FastifyPluginAsync<QueryLogOptions> = fp(plugin, {
  name: '@fastify-scs/query-log',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default queryLog
