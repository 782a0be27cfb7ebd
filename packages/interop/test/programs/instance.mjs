// An instance of a release that does what its parent says, and tells it what it has reported. With `console` it serves the console.
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import scsConsole from '@fastify-scs/console'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const { url, release, clockMs = 0, isConsole = false, reporter = {} } = JSON.parse(process.argv[2])
const now = Date.now
Date.now = () => now() + clockMs

const reports = []
const app = Fastify()
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(store, { url })
await app.register(errorReporter, {
  ...(release === undefined ? {} : { apiVersion: release }),
  errorReporter: (title, _message, { group }) => void reports.push({ title, ...group }),
  ...reporter,
})
if (isConsole) await addConsole()
app.get('/:what', ({ params }) => {
  throw Object.assign(new Error('boom'), { code: params.what })
})
await app.ready()
const address = isConsole ? await app.listen({ host: '127.0.0.1', port: 0 }) : undefined

const COMMANDS = {
  async crash({ times = 1, pauseMs = 0, what = 'A' }) {
    for (let at = 0; at < times; at++) {
      await app.inject(`/${what}`)
      // Whoever injects requests without a pause never hears what the store answers.
      await (pauseMs > 0 ? pause(pauseMs) : nextTurn())
    }
    await app.errorReporter.flush()
    return reports.splice(0)
  },
  async reports() {
    await app.errorReporter.flush()
    return reports.splice(0)
  },
  stats: () => app.errorReporter.stats(),
  async close() {
    await app.close()
    setImmediate(() => process.disconnect())
    return reports.splice(0)
  },
}

process.on('message', async ({ command, ...options }) => {
  try {
    process.send({ answer: await COMMANDS[command](options) })
  } catch (error) {
    process.send({ failure: error.stack })
  }
})
process.send({ answer: { address } })

async function addConsole() {
  const allow = async () => true
  await app.register(scsConsole, { prefix: '/_scs', authorize: allow, authorizeChange: allow })
}
