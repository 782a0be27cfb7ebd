// A service whose crashes go to Sentry by the reporter of error-reporter's README. Sentry's host is a server of this process.
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'
import scsPlugin, { abort } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import * as Sentry from '@sentry/node'
import Fastify from 'fastify'

const events = []
const host = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes)
  const lines = text.split('\n').filter((line) => line !== '')
  for (const [at, line] of lines.entries())
    if (JSON.parse(line).type === 'event') events.push(JSON.parse(lines[at + 1]))
  response.end('{}')
})
await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve))

const isSideBySide = process.argv.includes('--side-by-side')
Sentry.init({
  dsn: `http://key@127.0.0.1:${host.address().port}/1`,
  integrations: isSideBySide ? [] : [Sentry.fastifyIntegration({ shouldHandleError: () => false })],
})

const sentryReporter = async (title, _message, report, { error }) => {
  Sentry.withScope((scope) => {
    scope.setTag('error_id', report.error_id)
    Sentry.captureException(error ?? new Error(title))
  })
  if (!(await Sentry.flush(2_000))) throw new Error('Sentry has not taken it')
}

const app = Fastify()
await app.register(scsPlugin, { audit: false, source: 'orders' })
await app.register(store, { url: 'memory:' })
await app.register(errorReporter, { errorReporter: sentryReporter })
await app.register(integrationLog, { observe: true })
app.get('/crash', async () => {
  throw new Error('the pool is exhausted')
})
app.get('/returned', (_request, reply) => reply.code(503).send({ closed: true }))
app.get('/refused', () => abort(404))
app.get('/caught', (request) => {
  request.reportError('The bank is strange', { caught: new Error('no receipt') })
  return 'ok'
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
const answers = []
for (const path of ['/crash', '/returned', '/refused', '/caught']) {
  const answer = await fetch(`${address}${path}`)
  answers.push([answer.status, await answer.text()])
}
await app.errorReporter.flush()
await Sentry.flush(5_000)
await app.scsStore.flush()
const { items } = await app.scsStore.find('reports', {})
const calls = await app.scsStore.find('integration_requests', {})
const stats = app.errorReporter.stats()
await app.close()
await Sentry.close(2_000)
host.closeAllConnections()
host.close()
console.log(
  JSON.stringify({
    answers,
    reports: items.map(({ data }) => ({ errorId: data.error_id, title: data.title })).reverse(),
    events: events.map(({ exception, tags, message }) => ({
      text: exception?.values?.map(({ value }) => value).join(' | ') ?? message,
      errorId: tags?.error_id,
      mechanism: exception?.values?.at(-1)?.mechanism?.type,
    })),
    callsToSentry: calls.items.filter(({ data }) => data.url.includes('/api/1/')).length,
    reporters: stats.reporters,
  }),
)
