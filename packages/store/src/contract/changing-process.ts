// A process that changes one record together with others, for `checkManyProcesses`: `node changing-process.js <ChangingTask as JSON>`.
// It says `ready`, waits for a line, and its last line is a ChangingResult.
import { once } from 'node:events'
import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import store, { type Store, type StoreRecord } from '../index.js'
import type { ChangingResult, ChangingTask } from './many-processes.js'

const task = JSON.parse(process.argv[2] ?? '{}') as ChangingTask
const app = Fastify()
await app.register(scsPlugin, { source: 'test', audit: false })
await app.register(store, { ...task.options, url: task.url })
process.stdout.write('ready\n')
await once(process.stdin, 'data')
const lastStamp = await change(app.scsStore)
const found = await app.scsStore.get('integration_requests', task.id)
const { contended, deadLettered, merged, shed } = await app.scsStore.stats()
await app.close()
const result: ChangingResult = {
  lastStamp,
  merged,
  lost: contended + deadLettered + shed.integration_requests,
  data: found?.data,
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))

/** Makes each change a version of its own, with all that this process has changed till then; returns the stamp of the last. */
async function change({ write, flush }: Store): Promise<number> {
  const own: Record<string, number> = {}
  const stamps: Record<string, number> = {}
  let stamp = 0
  for (let number = 0; number < task.changes; number++) {
    const now = Math.round((performance.timeOrigin + performance.now()) * 1_000)
    stamp = Math.max(now, stamp + 1)
    const key = `p${task.process}_${number}`
    own[key] = number
    stamps[`data.data.${key}`] = stamp
    stamps['data.status'] = stamp
    const record: StoreRecord = {
      kind: 'integration_requests',
      id: task.id,
      createdAt: task.createdAt,
      revision: number + 1,
      keys: { service: 'shared' },
      data: { status: key, data: { ...own } },
      stamps: { ...stamps },
      importance: 'normal',
    }
    write(record)
    // Most changes meet those of others in the database, and some each other in a batch.
    if (number % 5 === 0 && !(await flush())) throw new Error('what was written is not stored')
    if (number % 7 === 0) await new Promise((resolve) => setTimeout(resolve, number % 3))
  }
  if (!(await flush())) throw new Error('what was written is not stored')
  return stamp
}
