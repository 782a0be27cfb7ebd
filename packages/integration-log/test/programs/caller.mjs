// A process that ends right after the answer of a call: `node caller.mjs <origin> <file> <how>`.
import scsPlugin from '@fastify-scs/core'
import integrationLog from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const [, , origin, path, how] = process.argv
const app = Fastify()
await app.register(scsPlugin, { source: 'caller', audit: false })
await app.register(store, { url: `sqlite:${path}` })
await app.register(integrationLog, { services: { upstream: { origin } } })
await app.ready()

const endings = {
  exit: () => process.exit(0),
  throw: () => {
    throw new Error('uncaught, on purpose')
  },
  signal: () => process.kill(process.pid, 'SIGTERM'),
}

const response = await app.integrations.service('upstream').fetch('/')
await response.text()
setImmediate(endings[how])
