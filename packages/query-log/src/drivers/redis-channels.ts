import { keepRequestOfConnects } from '@fastify-scs/core/kit'
import type { QueryStart } from '../observed-query.js'
import { StrayTasks } from './node-redis-pool.js'
import { redisStatementOf } from './redis-statement.js'
import { type BeginQuery, endAll, listenToCalls, type MessageReader } from './traced-calls.js'

/** Hears of the commands of ioredis, from 5.11 on: each of a pipeline and of a transaction by itself. */
export function listenToIoredis(begin: BeginQuery): () => void {
  // Its first argument is the key.
  return endAll([
    keepRequestOfConnects('ioredis:connect'),
    listenToCalls('ioredis:command', commandReader(0), begin),
  ])
}

/** Hears of the commands of @redis/client, from 5.12 on: each of a pipeline by itself, a transaction as one. */
export function listenToNodeRedis(begin: BeginQuery): () => void {
  const strays = new StrayTasks()
  const beginOfTask: BeginQuery = (start) => (strays.isRunning() ? undefined : begin(start))
  return endAll([
    keepRequestOfConnects('node-redis:connect'),
    strays.listen(),
    // Its first argument is the command's own name.
    listenToCalls('node-redis:command', commandReader(1), beginOfTask),
    listenToCalls('node-redis:batch', TRANSACTIONS, beginOfTask),
  ])
}

function commandReader(keyIndex: number): MessageReader {
  return {
    start({ command, args }): QueryStart | undefined {
      if (typeof command !== 'string') return undefined
      const key: unknown = Array.isArray(args) ? args[keyIndex] : undefined
      return { system: 'redis', statement: redisStatementOf(command, key) }
    },
  }
}

/** Its commands are told of by nothing else. Those of a pipeline are. */
const TRANSACTIONS: MessageReader = {
  start({ batchMode }): QueryStart | undefined {
    return batchMode === 'MULTI' ? { system: 'redis', statement: 'MULTI' } : undefined
  },
}
