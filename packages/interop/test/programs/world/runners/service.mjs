// A service with errors of all kinds, made in the realm of whoever runs the tests, and what clients, reports and the store have of them.
import scsPlugin, { abort, ServiceError } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

class InvalidUserError extends ServiceError {
  static code = 'INVALID_USER'
  static status = 401
}
class PoolError extends Error {}

const ROUTES = {
  '/bug': () => {
    throw new TypeError('the pool is exhausted', { cause: new RangeError('too many') })
  },
  '/pool': () => {
    throw new PoolError('none left')
  },
  '/user': () => {
    throw new InvalidUserError('Who are you?')
  },
  '/abort': () => abort(404),
  '/model': () => ({ error: 'NO_STOCK', error_description: 'Gone', status: 409 }),
  '/plain': () => {
    throw Object.freeze({ statusCode: 418, list: [1, new Date(0)] })
  },
  '/both': () => {
    throw new AggregateError([new Error('one'), new Error('two')], 'both')
  },
  '/call': (request) => request.integrations.service('bank').fetch('/pay'),
}

/** Runs the service with all plugins on a new file, asks each route once, and returns what was seen when it is closed. */
export async function tryOut(url) {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false, context: true })
  await app.register(store, { url })
  await app.register(errorReporter, { errorReporter: () => {} })
  await app.register(slowCall)
  const bank = { origin: 'http://127.0.0.1:1234' }
  await app.register(integrationLog, { services: { bank } })
  const soldOut = app.scs.registerError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
  app.scs.registerException({ exceptionClass: PoolError, id: 'pool-empty', message: 'Come again' })
  app.scs.registerAuditEvent({ type: 'seen', level: 'INFO', messageTemplate: 'Order {n} was seen' })
  for (const [path, handler] of Object.entries(ROUTES)) app.get(path, handler)
  app.get('/sold-out', () => {
    throw soldOut({ details: { left: 0, at: new Date(0), list: [1] } })
  })
  app.get('/orders/:n', async (request) => {
    request.addAuditEvent('seen', { n: Number(request.params.n) })
    return { n: request.params.n }
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const answers = {}
  for (const path of [...Object.keys(ROUTES), '/sold-out', '/orders/7', '/nowhere']) {
    const answer = await fetch(`${address}${path}`)
    answers[path] = [answer.status, await answer.json()]
  }
  await app.errorReporter.flush()
  await app.integrations.settled()
  await app.scsStore.flush()
  const kept = async (kind) => (await app.scsStore.find(kind, {})).items.map(({ data }) => data)
  const reports = await kept('reports')
  const events = await kept('audit_events')
  const calls = await kept('integration_requests')
  await app.close()
  return {
    answers,
    reports: reports
      .map(({ title, error_caught, causes }) => ({
        title,
        name: error_caught.name,
        causes: causes.map(({ name, message }) => `${name}: ${message}`),
      }))
      .reverse(),
    events: events.map(({ message }) => message),
    calls: calls.map(({ status, url }) => `${status} ${url}`),
  }
}
