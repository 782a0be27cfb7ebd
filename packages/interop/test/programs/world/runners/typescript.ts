// A service in TypeScript as a user would write it, run without a build. It uses syntax that can be stripped only, and prints what was seen.
import scsPlugin, { addError, defineError, ServiceError } from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'

interface Seen {
  readonly statuses: readonly number[]
  readonly reports: readonly string[]
  readonly places: readonly string[]
  readonly stored: number
}

class InvalidUserError extends ServiceError {
  static override code = 'INVALID_USER'
  static override status = 401
}
const TooLateError = addError({ name: 'TooLateError', code: 'TOO_LATE', status: 410 })
const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })

async function build(url: string, reports: CrashReport[]): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false, source: 'orders', context: true })
  await app.register(store, { url })
  await app.register(errorReporter, {
    errorReporter: (_title, _message, report) => void reports.push(report),
  })
  await app.register(slowCall, { maxMs: 60_000 })
  app.scs.registerError(soldOut)
  const seen = app.scs.registerAuditEvent({
    type: 'seen',
    level: 'INFO',
    messageTemplate: 'Order {n} was seen',
  })
  app.get<{ Params: { n: string } }>('/orders/:n', (request) => {
    seen(request, { n: request.params.n })
    return { n: request.params.n }
  })
  app.get('/sold-out', () => {
    throw soldOut()
  })
  app.get('/user', () => {
    throw new InvalidUserError('Who are you?')
  })
  app.get('/late', () => {
    throw new TooLateError('Too late')
  })
  app.get('/bug', function findOrder(): never {
    throw new TypeError('the pool is exhausted')
  })
  return app
}

async function tryOut(url: string): Promise<Seen> {
  const reports: CrashReport[] = []
  const app = await build(url, reports)
  const statuses: number[] = []
  for (const path of ['/orders/7', '/sold-out', '/user', '/late', '/bug', '/nowhere'])
    statuses.push((await app.inject(path)).statusCode)
  await app.errorReporter.flush()
  await app.scsStore.flush()
  const { items } = await app.scsStore.find('audit_events', {})
  await app.close()
  return {
    statuses,
    reports: reports.map(({ title }) => title),
    places: reports.flatMap(({ code }) => code.map(({ file, line }) => `${file}:${line}`)),
    stored: items.length,
  }
}

console.log(JSON.stringify(await tryOut('memory:')))
