import type { Redactor } from '@fastify-scs/core'
import { audibleLog, errorForLog } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { Settings } from '../options.js'

/** What the plugin has counted. */
export interface QueryLogStats {
  /** Queries of requests that were noted. */
  readonly queries: number
  /** Of them, those beyond `maxQueries` of their request: only counted. */
  readonly leftOut: number
  /** How often an observer has failed; what it observed went on. */
  readonly failures: number
}

/** Where the app that a request belongs to is found. On the request: `request.server` costs 2 µs each time. */
export const APP_QUERIES: unique symbol = Symbol('@fastify-scs/query-log/app')

/** The settings and counters of one app. */
export class AppQueries {
  readonly settings: Settings
  queries = 0
  leftOut = 0
  failures = 0
  readonly #redactor: Redactor
  readonly #log: FastifyBaseLogger

  constructor(settings: Settings, redactor: Redactor, log: FastifyBaseLogger) {
    this.settings = settings
    this.#redactor = redactor
    this.#log = log
  }

  stats(): QueryLogStats {
    const { queries, leftOut, failures } = this
    return { queries, leftOut, failures }
  }

  /** Counts that a query could not be noted, and logs the first time. Never throws. */
  failed(error: unknown): void {
    this.failures += 1
    if (this.failures > 1) return
    try {
      const err = errorForLog(error, this.#redactor)
      audibleLog(this.#log).error(
        { err },
        'a query could not be noted; the query itself was not touched. Further failures are only counted: app.queryLog.stats()',
      )
    } catch {
      // The application's logger throws as well: the count is all that is left.
    }
  }
}
