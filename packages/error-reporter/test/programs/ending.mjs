// A service with reports on their way that ends as the command line says: `node ending.mjs <how> <reporters> <folder>`.
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import errorReporter, { fileReporter } from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [how, names, folder] = process.argv.slice(2)
const never = () => new Promise(() => undefined)
const reporters = {
  never: () => never,
  file: () => fileReporter({ path: join(folder, 'reports.jsonl') }),
}
const has = (name) => names.split(',').includes(name)

const app = Fastify({
  logger: has('unlogged') ? false : { level: 'warn' },
  forceCloseConnections: true,
})
await app.register(scsPlugin, { source: 'orders', audit: false })
if (has('store') || has('durable')) {
  const durability = has('durable') ? 'process' : 'default'
  // Nothing but the end of the process makes it write.
  const flush = has('durable') ? {} : { flushMs: 60_000 }
  await app.register(store, { url: `sqlite:${join(folder, 'scs.db')}`, durability, ...flush })
}
const chosen = Object.keys(reporters).filter(has)
await app.register(errorReporter, {
  delivery: { shutdownMs: 200 },
  ...(chosen.length === 0 ? {} : { errorReporter: chosen.map((name) => reporters[name]()) }),
})
await app.register(slowCall, { maxMs: 1, blockedAfterMs: false })
app.get('/crash', { slowCall: false, onSend: never }, () => {
  throw new Error('password=hunter2 is lost')
})
app.get('/slow', async (_request, reply) => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  reply.hijack()
  // The report waits for the end of the answer, which does not come.
  reply.raw.writeHead(200).write('x')
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })

const endings = {
  exit: () => process.exit(0),
  throw: () => {
    throw new Error('uncaught, on purpose')
  },
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  handled: () => {
    process.once('SIGTERM', () => app.close().then(() => process.exit(0)))
    process.kill(process.pid, 'SIGTERM')
  },
}

// One report waits for the end of a slow answer, one for the end of a crash's, one for its reporters.
await (await fetch(`${url}/slow`)).body.getReader().read()
void fetch(`${url}/crash`).catch(() => undefined)
while (app.errorReporter.stats().groups === 0) {
  await new Promise((resolve) => setTimeout(resolve, 5))
}
app.reportError('Still on its way')
endings[how]()
