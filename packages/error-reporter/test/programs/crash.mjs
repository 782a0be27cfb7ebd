// A service that crashes as the command line says: how, and which reporters it has.
import scsPlugin from '@fastify-scs/core'
import errorReporter, { fileReporter } from '@fastify-scs/error-reporter'
import Fastify from 'fastify'

const [how, reporterName, path] = process.argv.slice(2)
const never = () => new Promise(() => undefined)
const reporters = {
  file: () => fileReporter({ path }),
  never: () => never,
  both: () => [fileReporter({ path }), never],
}

const app = Fastify({ logger: { level: 'error' } })
await app.register(scsPlugin, { source: 'orders', audit: false, context: true })
await app.register(errorReporter, {
  errorReporter: reporters[reporterName](),
  captureProcessErrors: true,
})
app.get('/', async () => {
  setImmediate(() => {
    throw new TypeError('lost in a request')
  })
  return never()
})
await app.ready()

const crashes = {
  uncaught: () => {
    throw Object.assign(new Error('password=hunter2 is lost'), { code: 'E_LOST' })
  },
  rejected: () => void Promise.reject(new Error('nobody waits')),
  value: () => {
    throw 'only a text'
  },
  request: () => void app.inject('/').then(() => undefined),
  queued: () => {
    app.reportError('Still on its way')
    setImmediate(() => setImmediate(crashes.uncaught))
  },
  caught: () => {
    process.on('uncaughtException', () => setImmediate(() => app.close()))
    crashes.uncaught()
  },
  none: () => app.close(),
}
setImmediate(crashes[how])
