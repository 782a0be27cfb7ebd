import { keepRequestContext } from '@fastify-scs/core/kit'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { AlreadyRegisteredError } from './errors.js'
import { type QueryLogOptions, resolveOptions } from './options.js'
import { QUERIES } from './request-queries.js'

/** What the plugin has counted. */
export interface QueryLogStats {
  /** Queries of requests that were noted. */
  readonly queries: number
  /** Of them, those beyond `maxQueries` of their request: only counted. */
  readonly leftOut: number
  /** How often an observer has failed; what it observed went on. */
  readonly failures: number
}

/** What the plugin decorates the app with, as `app.queryLog`. */
export interface QueryLog {
  stats(): QueryLogStats
}

const plugin: FastifyPluginAsync<QueryLogOptions> = async (app, given) => {
  if (app.hasDecorator('queryLog')) throw new AlreadyRegisteredError()
  resolveOptions(given)
  keepRequestContext(app)
  app.decorate('queryLog', { stats: () => ({ queries: 0, leftOut: 0, failures: 0 }) })
  app.decorateRequest(QUERIES, null)
}

/** Notes the queries of each request. Register it once, after @fastify-scs/core and before the routes. */
const queryLog: FastifyPluginAsync<QueryLogOptions> = fp(plugin, {
  name: '@fastify-scs/query-log',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default queryLog
