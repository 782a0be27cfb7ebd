import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import Fastify from 'fastify'
import { findOrder, type Order } from './orders.js'

// A service that crashes once, and writes the report to the standard output.
const app = Fastify({ logger: false })
await app.register(scsPlugin, { source: 'orders', audit: false })
await app.register(errorReporter, {
  errorReporter: (_title: string, _message: string, report: unknown) => {
    process.stdout.write(JSON.stringify(report))
  },
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
