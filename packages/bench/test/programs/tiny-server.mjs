import Fastify from 'fastify'
import { serveVariant } from '../../dist/servers/serve-variant.js'

const answering = (body) => async () => Fastify().get('/', () => body)

await serveVariant({
  one: answering({ id: 1 }),
  'one-too': answering({ id: 1 }),
  two: answering({ id: 2 }),
  slow: async () =>
    Fastify().get('/', () => {
      const start = process.cpuUsage()
      while (process.cpuUsage(start).user + process.cpuUsage(start).system < 1000);
      return { id: 1 }
    }),
  told: answering({ args: process.argv.slice(3), execArgv: process.execArgv }),
  broken: async () => process.exit(1),
  stubborn: async () => {
    process.removeAllListeners('disconnect')
    return Fastify().get('/', () => ({ id: 1 }))
  },
})
