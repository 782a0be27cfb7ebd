import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import Fastify from 'fastify'
import { findOrder, type Order } from './orders.js'

// A service that crashes once, and writes the report to the standard output and its log to the standard error output.
const { CODE_WORKER } = process.env
const app = Fastify({ logger: { level: 'warn', stream: process.stderr } })
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(errorReporter, {
  errorReporter: (_title: string, _message: string, report: unknown) => {
    process.stdout.write(JSON.stringify(report))
  },
  code: CODE_WORKER === undefined ? {} : { workerUrl: new URL(CODE_WORKER, import.meta.url) },
})

interface Query {
  readonly id: string
}

app.get<{ Querystring: Query }>('/', async (request): Promise<Order> => {
  const { id }: Query = request.query
  return findOrder(id, [])
})

await app.inject('/?id=42')
await app.close()
