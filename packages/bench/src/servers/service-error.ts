import scsPlugin, { ServiceError } from '@fastify-scs/core'
import Fastify from 'fastify'
import { serveVariant } from './serve-variant.js'

const BODY = JSON.stringify({ error: { id: 'invalid-user', message: 'Sorry' } })

class InvalidUserError extends ServiceError {
  static override readonly code = 'INVALID_USER'
  static override readonly status = 401
}

await serveVariant({
  constant: async () =>
    Fastify({ logger: false }).get('/', (_request, reply) => {
      reply.code(401).send(BODY)
    }),
  throw: async () => {
    const app = Fastify({ logger: false })
    await app.register(scsPlugin, { source: 'bench', audit: false })
    return app.get('/', () => {
      throw new InvalidUserError('Sorry')
    })
  },
})
