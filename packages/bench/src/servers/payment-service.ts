import Fastify from 'fastify'
import { RECEIPT } from '../outbound/payment.js'
import { serveVariant } from './serve-variant.js'

await serveVariant({
  // The upstream of clients that are measured; what it costs is not counted.
  answers: async () =>
    Fastify({ logger: false }).post('/payments', (_request, reply) =>
      reply.type('application/json').send(RECEIPT),
    ),
})
