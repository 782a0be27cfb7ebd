import type { ChannelDriver } from '../options.js'
import { listenToMysql2 } from './mysql2-channels.js'
import { listenToNodeSqlite } from './node-sqlite.js'
import { listenToIoredis, listenToNodeRedis } from './redis-channels.js'
import { type BeginQuery, endAll } from './traced-calls.js'

const LISTENERS: Readonly<Record<ChannelDriver, (begin: BeginQuery) => () => void>> = {
  mysql2: listenToMysql2,
  '@redis/client': listenToNodeRedis,
  'node:sqlite': listenToNodeSqlite,
  ioredis: listenToIoredis,
}

/** ioredis handles the rejections of its commands itself while anybody listens: an application has to ask for that. */
const BY_DEFAULT: readonly ChannelDriver[] = ['mysql2', '@redis/client', 'node:sqlite']

/**
 * Hears of the queries of drivers that tell of them by Node's diagnostics channels, until the function that it returns is called. A driver
 * that is not installed costs nothing, and one that is loaded later is heard as well.
 */
export function listenToDrivers(
  drivers: boolean | readonly ChannelDriver[],
  begin: BeginQuery,
): () => void {
  const named = drivers === true ? BY_DEFAULT : drivers === false ? [] : drivers
  return endAll([...new Set(named)].map((name) => LISTENERS[name](begin)))
}
