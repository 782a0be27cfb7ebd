import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import type { Sample } from '../measure/participant.js'
import { databases, ORDERS, ROWS_OF_ORDER } from '../queries/databases.js'
import { answerRequests } from './answer-requests.js'

// Asks a database within requests of an app: `queries.js pg observed <url> <queries at once> <requests> <queries of each>`.
const [driver = '', variant, url = '', atOnce = '1', requests = '12', each = '16'] =
  process.argv.slice(2)
const open = databases[driver]
if (open === undefined) {
  throw new Error(`Unknown driver '${driver}'. Known: ${Object.keys(databases).join(', ')}`)
}
const isObserved = variant === 'observed'
// By the driver's channels alone.
const isNoted = isObserved || variant === 'heard'
const app = Fastify({ logger: false })
await app.register(scsPlugin, { source: 'bench', audit: false, context: true })
if (isNoted) {
  const { default: queryLog } = await import('@fastify-scs/query-log')
  await app.register(
    queryLog,
    isObserved ? {} : { channels: ['ioredis', '@redis/client', 'mysql2'] },
  )
}
const database = await open(url, isObserved)
app.get('/', async () => {
  let left = Number(each)
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const rows = database.rowsOf(left % ORDERS)
      // Only what a driver promises is waited for.
      if ((typeof rows === 'number' ? rows : await rows) !== ROWS_OF_ORDER)
        throw new Error(`An order has ${String(rows)} rows`)
    }
  }
  await Promise.all(Array.from({ length: Number(atOnce) }, work))
  return 'done'
})
await app.ready()

await answerRequests({ turn })

async function turn(): Promise<Sample> {
  for (let request = 0; request < Number(requests); request += 1) {
    const { statusCode } = await app.inject('/')
    if (statusCode !== 200) throw new Error(`A request was answered ${statusCode}`)
  }
  if (isNoted) assertNoted()
  return { calls: Number(requests) * Number(each) }
}

/** An observer that does not see them would be the quickest. */
function assertNoted(): void {
  const { queries, failures } = app.queryLog.stats()
  if (queries < Number(requests) * Number(each)) throw new Error(`Only ${queries} were noted`)
  if (failures > 0) throw new Error(`${failures} failures of the observer`)
}
