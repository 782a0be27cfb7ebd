// A service that reports an error, and then does what the command line says.
import { fileURLToPath } from 'node:url'
import scsPlugin from '@fastify-scs/core'
import errorReporter, { fileReporter } from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [how, path] = process.argv.slice(2)
const workerUrl = fileURLToPath(new URL('silent-worker.mjs', import.meta.url))
const app = Fastify({ logger: { level: 'warn' } })
await app.register(scsPlugin, { source: 'orders', audit: false })
if (how === 'killed') {
  const durable = { url: 'memory:', durability: 'process', outboxPath: path, flushMs: 60_000 }
  await app.register(store, durable)
}
await app.register(errorReporter, {
  errorReporter: how === 'killed' ? [] : fileReporter({ path }),
  growth: 1,
  maxCallsPerMinute: false,
  code: how === 'killed' || how === 'stalled' || how === 'ended' ? { workerUrl } : {},
})
await app.ready()

const hows = {
  /** The reports are stored, and their lines of code never come. */
  killed: () => setInterval(() => undefined, 1_000),
  /** Nothing is left to do but to deliver the report. */
  silent: () => undefined,
  stalled: () => undefined,
  ended: () => process.exit(),
  quiet: () => console.log(String(process.getActiveResourcesInfo().includes('MessagePort'))),
}
// More than may wait for their lines of code.
const count = { quiet: 0, killed: 150 }[how] ?? 1
for (let n = 0; n < count; n++)
  app.reportError('Oops', { caught: new Error('broken'), data: { n } })
hows[how]()
console.log('done')
