// A small service as a user would write it; the programs beside it are the entries of a bundler.
import { createServer } from 'node:http'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import Fastify from 'fastify'

/** Runs the service on a file in the working directory and prints what the file holds after it was closed and opened again. */
export async function printRecords(options) {
  try {
    const written = await answerRequests(options)
    console.log(JSON.stringify({ written, found: await readBack(options) }))
  } catch (error) {
    console.log(JSON.stringify({ failure: { code: error.code, message: error.message } }))
  }
}

async function answerRequests(options) {
  const bank = createServer((_request, response) => response.end('{"paid":true}'))
  await listening(bank)
  try {
    const app = await build(options, `http://127.0.0.1:${bank.address().port}`)
    const statuses = []
    for (const path of ['/orders/1', '/orders/2', '/crash', '/nowhere'])
      statuses.push((await app.inject(path)).statusCode)
    await app.close()
    return statuses
  } finally {
    bank.closeAllConnections()
    bank.close()
  }
}

async function readBack(options) {
  const app = await build(options, 'http://127.0.0.1:9')
  const events = await app.scsStore.find('audit_events', {})
  const calls = await app.integrations.find({ service: 'bank' })
  const reports = await app.scsStore.find('reports', {})
  await app.close()
  return {
    events: events.items.map(({ data }) => data.message).sort(),
    calls: calls.items.map(({ url }) => new URL(url).pathname),
    reports: reports.items.map(({ data }) => data.title),
  }
}

async function build(options, origin) {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false, source: 'orders' })
  await app.register(store, { adapter: new SqliteStore({ path: './scs.db', ...options }) })
  await app.register(errorReporter, { errorReporter: () => {} })
  await app.register(integrationLog, { services: { bank: { origin } }, observe: true })
  app.scs.registerAuditEvent({ type: 'seen', level: 'INFO', messageTemplate: 'Order {n} was seen' })
  app.get('/orders/:n', async (request) => {
    request.addAuditEvent('seen', { n: request.params.n })
    return request.integrations
      .service('bank')
      .fetch('/pay')
      .then((answer) => answer.json())
  })
  app.get('/crash', async () => {
    throw new Error('the pool is exhausted')
  })
  await app.ready()
  return app
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}
