import Fastify from 'fastify'
import fastifyScs, { abort, defineError, observePg, slackReporter } from 'fastify-scs'

const app = Fastify()
// One import brings the types of every package.
await app.register(fastifyScs, {
  source: 'orders',
  store: 'sqlite:./scs.db',
  errorReporter: { environment: 'production', errorReporter: slackReporter({ url: 'https://x' }) },
  slowCall: { maxMs: 500 },
  queryLog: false,
  integrationLog: { services: { payments: { origin: 'https://payments.example' } } },
  console: { authorize: (request) => request.ip === '127.0.0.1' },
})
app.get('/', { slowCall: 5_000, throws: ['not-found'] }, async (request) => {
  request.addAuditEvent('orders-read', {})
  request.reportError('Oops')
  await request.integrations.service('payments').fetch('/')
  if (request.ip === '') abort(404)
  return request.timeline()
})
void [app.scs, app.scsStore, app.errorReporter.stats(), app.slowCall.maxMs, app.queryLog.stats()]
void [defineError, observePg]

// @ts-expect-error an option of slow-call has a type
await app.register(fastifyScs, { slowCall: { maxMs: '5s' } })
// @ts-expect-error there is no such option
await app.register(fastifyScs, { slowCalls: {} })
// @ts-expect-error the console says who may see it
await app.register(fastifyScs, { console: {} })
