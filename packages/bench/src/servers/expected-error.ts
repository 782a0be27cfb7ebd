import createError from '@fastify/error'
import scsPlugin, { abort, ServiceError } from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'

const ID = 'auth-rate-limited'
const MESSAGE = 'Too many attempts, try again later'
const BODY = JSON.stringify({ error: { id: ID, message: MESSAGE } })
const FastifyRateLimitedError = createError('AUTH_RATE_LIMITED', MESSAGE, 429)

const BODY_401 = JSON.stringify({ error: { id: 'invalid-user', message: 'Sorry' } })

class InvalidUserError extends ServiceError {
  static override readonly code = 'INVALID_USER'
  static override readonly status = 401
}

async function coreApp() {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  const rateLimited = app.scs.registerError({ code: 429, id: ID, message: MESSAGE })
  return { app, rateLimited }
}

async function throwing(): Promise<FastifyInstance> {
  const { app, rateLimited } = await coreApp()
  return app.get('/', () => {
    throw rateLimited()
  })
}

async function throwingAsync(): Promise<FastifyInstance> {
  const { app, rateLimited } = await coreApp()
  return app.get('/', async () => {
    throw rateLimited()
  })
}

async function aborting(): Promise<FastifyInstance> {
  const { app } = await coreApp()
  return app.get('/', () => abort(429, { id: ID }))
}

await serveVariant({
  constant: async () =>
    Fastify({ logger: false }).get('/', (_request, reply) => {
      reply.code(429).send(BODY)
    }),
  'constant-async': async () =>
    Fastify({ logger: false }).get('/', async (_request, reply) => reply.code(429).send(BODY)),
  'fastify-default': async () =>
    Fastify({ logger: false }).get('/', () => {
      throw new FastifyRateLimitedError()
    }),
  throw: throwing,
  'throw-async': throwingAsync,
  abort: aborting,
  'constant-401': async () =>
    Fastify({ logger: false }).get('/', (_request, reply) => {
      reply.code(401).send(BODY_401)
    }),
  'throw-service-error': async () => {
    const { app } = await coreApp()
    return app.get('/', () => {
      throw new InvalidUserError('Sorry')
    })
  },
})
