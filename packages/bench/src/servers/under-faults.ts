import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import errorReporter, { type ErrorReporter, webhookReporter } from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import storePlugin from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'

/** What the plugins of one server write to and report to. */
interface Surroundings {
  /** The folder of both logs. */
  readonly logs: string
  readonly store: Parameters<typeof storePlugin>[1]
  readonly reporters: readonly ErrorReporter[]
}

const folder = mkdtempSync(join(tmpdir(), 'scs-bench-faults-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const healthy: Surroundings = {
  logs: folder,
  store: { url: 'memory:' },
  reporters: [async () => undefined, async () => undefined, async () => undefined],
}

/** Nothing takes anything: a full disk, no database, an outbox that cannot be made, and three reporters that never answer. */
async function faults(): Promise<Surroundings> {
  const hang = (): Promise<never> => new Promise(() => undefined)
  const url = await addressOf(() => undefined)
  return {
    // Its file `full` is the device that is a full disk to everybody who writes to it.
    logs: '/dev',
    // No process listens on port 1, and no folder can be made in a device.
    store: {
      url: 'postgres://nobody@127.0.0.1:1/none',
      startup: 'wait',
      outboxPath: '/dev/null/outbox',
    },
    reporters: [hang, hang, webhookReporter({ url })],
  }
}

async function build(given: Surroundings, isEachReported: boolean): Promise<FastifyInstance> {
  const name = given === healthy ? 'scs.log' : 'full'
  const file = { path: join(given.logs, name) }
  const app = Fastify({ logger: scsLogger({ source: 'bench', file: { ...file, level: 'WARN' } }) })
  const audit = given === healthy ? { path: join(given.logs, 'audit.log') } : file
  await app.register(scsPlugin, { source: 'bench', audit: { file: audit } })
  await app.register(storePlugin, given.store)
  const reporter = { errorReporter: given.reporters }
  await app.register(
    errorReporter,
    isEachReported ? { ...reporter, growth: 1, maxCallsPerMinute: false } : reporter,
  )
  await app.register(slowCall, { maxMs: 1, blockedAfterMs: false })
  const origin = await addressOf((_request, response) => response.end('{}'))
  await app.register(integrationLog, { services: { upstream: { origin } } })
  return routes(app)
}

function routes(app: FastifyInstance): FastifyInstance {
  const worked = app.scs.registerAuditEvent({
    type: 'WORKED',
    level: 'INFO',
    messageTemplate: 'did {thing}',
  })
  app.get('/plain', () => ({ isOk: true }))
  app.get('/audited', (request) => {
    worked(request, { thing: 'work' })
    return { isOk: true }
  })
  app.get('/crash', () => {
    throw new Error('boom')
  })
  app.get('/slow', (_request, reply) => {
    setTimeout(() => reply.send({ isOk: true }), 3)
  })
  app.get('/outbound', async (request) => {
    const answer = await request.integrations.service('upstream').fetch('/')
    return answer.json()
  })
  return app
}

async function addressOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen')
  return `http://127.0.0.1:${address.port}`
}

await serveVariant({
  healthy: () => build(healthy, false),
  faulty: async () => build(await faults(), false),
  'healthy, each reported': () => build(healthy, true),
  'faulty, each reported': async () => build(await faults(), true),
})
