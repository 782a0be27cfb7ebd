import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import type { Sample } from '../measure/participant.js'
import { answerRequests } from './answer-requests.js'
import type { BareSqliteTask } from './bare-sqlite-worker.js'
import { temporaryFolder } from './started-store.js'

const [mode = '', batchRecords = '100', turnRecords = '20000', maxTurnMs = '60000'] =
  process.argv.slice(2)
const path = join(temporaryFolder(), 'scs.db')

// The store makes the schema and its indexes, so that they are the same.
const store = new SqliteStore({ path })
await store.open()
await store.close()

const task: BareSqliteTask = {
  path,
  mode: mode as BareSqliteTask['mode'],
  batchRecords: Number(batchRecords),
  turnRecords: Number(turnRecords),
  maxTurnMs: Number(maxTurnMs),
}
const worker = new Worker(new URL('bare-sqlite-worker.js', import.meta.url), { workerData: task })
await once(worker, 'online')

await answerRequests({
  turn: async () => {
    worker.postMessage('turn')
    const [sample] = await once(worker, 'message')
    return sample as Sample
  },
})
