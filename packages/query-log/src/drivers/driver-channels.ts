import { listenToMysql2 } from './mysql2-channels.js'
import { listenToNodeSqlite } from './node-sqlite.js'
import { listenToIoredis, listenToNodeRedis } from './redis-channels.js'
import type { BeginQuery } from './traced-calls.js'

/**
 * Hears of the queries of every driver that tells of them by Node's diagnostics channels, until the function that it returns is called. A driver
 * that is not installed costs nothing, and one that is loaded later is heard as well.
 */
export function listenToDrivers(begin: BeginQuery): () => void {
  const stops = [
    listenToMysql2(begin),
    listenToIoredis(begin),
    listenToNodeRedis(begin),
    listenToNodeSqlite(begin),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
