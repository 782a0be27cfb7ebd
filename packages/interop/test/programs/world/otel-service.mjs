// A service with OpenTelemetry's SDK, its instrumentations of Fastify and undici, and this family's plugins, as their READMEs say.
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { FastifyOtelInstrumentation } from '@fastify/otel'
import scsPlugin, { currentRequest } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import { trace } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import Fastify from 'fastify'
import { request as undiciRequest } from 'undici'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
const fastifyOtel = new FastifyOtelInstrumentation()
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [fastifyOtel, new UndiciInstrumentation()],
})

const traceparents = []
const bank = createServer((request, response) => {
  traceparents.push(`${request.url} ${request.headers.traceparent}`)
  response.setHeader('content-type', 'application/json').end('{"paid":true}')
})
await new Promise((resolve) => bank.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${bank.address().port}`

const isScsFirst = process.argv.includes('--scs-first')
const app = Fastify()
if (!isScsFirst) await app.register(fastifyOtel.plugin())
await app.register(scsPlugin, { audit: false, source: 'orders' })
await app.register(store, { url: 'memory:' })
await app.register(errorReporter, { errorReporter: () => {} })
await app.register(slowCall, { maxMs: 100, stuckAfterMs: 300, blockedAfterMs: false })
await app.register(integrationLog, { services: { bank: { origin } }, observe: true })
if (isScsFirst) await app.register(fastifyOtel.plugin())
app.scs.registerAuditEvent({ type: 'seen', level: 'INFO', messageTemplate: 'Order was seen' })

const active = {}
app.addHook('onRequest', async (request) => {
  if (request.url === '/all') active.hook = trace.getActiveSpan()?.spanContext().traceId
})
app.get('/all', async (request) => {
  active.handler = trace.getActiveSpan()?.spanContext().traceId
  request.addAuditEvent('seen', {})
  await (await request.integrations.service('bank').fetch('/service')).text()
  await (await fetch(`${origin}/fetch`)).text()
  await (await undiciRequest(`${origin}/undici`)).body.text()
  active.afterCalls = trace.getActiveSpan()?.spanContext().traceId
  active.isOwnRequest = currentRequest() === request
  request.reportError('The bank is strange')
  await pause(120)
  throw new Error('the pool is exhausted')
})
const stuck = deferred()
app.get('/slow', async () => {
  await pause(120)
  return trace.getActiveSpan()?.spanContext().traceId
})
app.get('/returned', (_request, reply) => reply.code(503).send({ closed: true }))
app.get('/stuck', async () => {
  await stuck.promise
  return 'done'
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })

// By node:http, which is not instrumented here: a trace id can only come from the server's own span.
const statuses = [await ask('/all'), await ask('/slow'), await ask('/returned'), await askStuck()]
await app.errorReporter.flush()
await app.scsStore.flush()
const kept = {}
for (const kind of ['reports', 'audit_events', 'integration_requests']) {
  const { items } = await app.scsStore.find(kind, {})
  kept[kind] = items
    .map(({ keys, data }) => ({
      traceId: keys.traceId,
      what: data.title ?? data.message ?? data.url?.replace(origin, ''),
      kind: data.kind,
      trace_id: data.trace_id,
    }))
    .reverse()
}
await app.close()
bank.closeAllConnections()
bank.close()
await provider.forceFlush()
const spans = exporter.getFinishedSpans().map((span) => ({
  name: span.name,
  kind: span.kind,
  traceId: span.spanContext().traceId,
  url: span.attributes['url.full'],
  scope: span.instrumentationScope.name,
}))
console.log(JSON.stringify({ statuses, active, kept, traceparents, spans, origin }))

async function ask(path) {
  const [answer] = await once(get(`${address}${path}`), 'response')
  answer.resume()
  await once(answer, 'end')
  return answer.statusCode
}

async function askStuck() {
  const asked = ask('/stuck')
  while (app.slowCall.stats().routes.every((route) => route.stuck === 0)) await pause(20)
  stuck.resolve()
  return asked
}

function deferred() {
  let resolve
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
