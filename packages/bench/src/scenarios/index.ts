import { blockedWatch } from './blocked-watch.js'
import { queryIoredis, queryMysql2, queryRedisClient } from './channel-queries.js'
import { consoleViewsPostgres, consoleViewsSqlite } from './console-views.js'
import { errorReporterVsSentry } from './crash-vs-sentry.js'
import { outboundFetch, outboundUndiciRequest } from './outbound.js'
import { pairScenarios } from './pairs.js'
import { allHappyPath, allPlugins } from './plugins.js'
import { queryBetterSqlite, queryPg } from './queries.js'
import type { AnyScenario } from './scenario.js'
import { storeKillWindow } from './store-kill-window.js'
import { storeMainThread } from './store-main-thread.js'
import { storePostgresRate, storeSqliteOneByOne, storeSqliteRate } from './store-rates.js'
import { storeSoak } from './store-soak.js'
import { underFaults } from './under-faults.js'

/** Every scenario, in the order they run: pairs of servers, more of them at once, clients, queries, then the store. */
export const scenarios: readonly AnyScenario[] = [
  ...pairScenarios,
  errorReporterVsSentry,
  allHappyPath,
  allPlugins,
  outboundFetch,
  outboundUndiciRequest,
  queryPg,
  queryBetterSqlite,
  queryMysql2,
  queryIoredis,
  queryRedisClient,
  blockedWatch,
  storeMainThread,
  storeSqliteRate,
  storeSqliteOneByOne,
  storePostgresRate,
  storeSoak,
  storeKillWindow,
  underFaults,
  consoleViewsSqlite,
  consoleViewsPostgres,
]
