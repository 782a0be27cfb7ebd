// A service that reports by default, and ends: `node unheard.mjs <logger> <plugin>`.
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'

const [logger, plugin] = process.argv.slice(2)
const loggers = { none: {}, silent: { logger: { level: 'silent' } }, plain: { logger: true } }
const plugins = {
  reporter: [errorReporter, {}],
  slow: [slowCall, { maxMs: 1, blockedAfterMs: false }],
}

const app = Fastify(loggers[logger])
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(...plugins[plugin])
app.get('/crash', () => {
  throw new Error('password=hunter2 is lost')
})
app.get('/told', (request) => {
  request.reportError('Oops')
  return 'fine'
})
app.get('/slow', () => new Promise((resolve) => setTimeout(() => resolve('fine'), 20)))
for (const url of ['/crash', '/told', '/slow']) await app.inject(url)
await app.close()
process.stdout.write(`${JSON.stringify({ stats: app.errorReporter?.stats().reporters })}\n`)
