// query-log of the tarballs: a route that runs a query for each of its rows is told so in the report of its slow call.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What it needs. */
export const QUERY_PACKAGES = ['core', 'store', 'error-reporter', 'slow-call', 'query-log'].map(
  (each) => `@fastify-scs/${each}`,
)

const APPLICATION = `
import Fastify from 'fastify'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import queryLog, { observeBetterSqlite, observeNodeSqlite } from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'

const sqlite = process.getBuiltinModule('node:sqlite')
const database = sqlite === undefined
  ? observeBetterSqlite(new (await import('better-sqlite3')).default(':memory:'))
  : observeNodeSqlite(new sqlite.DatabaseSync(':memory:'))
database.exec('CREATE TABLE order_lines (order_id INTEGER, article TEXT)')
const app = Fastify()
await app.register(scsPlugin, { audit: false })
await app.register(store, { url: 'memory:' })
await app.register(errorReporter, { errorReporter: () => undefined })
await app.register(slowCall, { maxMs: 1 })
await app.register(queryLog)
const lines = database.prepare('SELECT article FROM order_lines WHERE order_id = ?')
app.get('/', async () => {
  for (let order = 0; order < 12; order++) lines.all(order)
  await new Promise((resolve) => setTimeout(resolve, 20))
  return {}
})
await app.inject('/')
await app.errorReporter.flush()
await app.scsStore.flush()
const [report] = (await app.scsStore.find('reports')).items
console.log(report?.data.data.queries.repeated.join())
await app.close()
`

/** Asks the route, and looks what its report says. The packages and a driver are installed in the folder. */
export function smokeQueries(folder) {
  writeFileSync(join(folder, 'queries.js'), APPLICATION)
  const options = { cwd: folder, encoding: 'utf8' }
  const told = execFileSync(process.execPath, ['queries.js'], options).trim()
  if (!/^12 times SELECT article FROM order_lines WHERE order_id = \?, \d+ ms$/.test(told))
    throw new Error(`The report of a route with an N+1 says: ${told}`)
  console.log(`The report of a route with an N+1 says: ${told}`)
}
