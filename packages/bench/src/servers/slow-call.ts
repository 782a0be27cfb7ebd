import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'

function withRoute(app: FastifyInstance): FastifyInstance {
  return app.get('/', () => ({ id: 42, name: 'teapot', isShort: true }))
}

await serveVariant({
  bare: async () => withRoute(Fastify({ logger: false })),
  'slow-call': async () => {
    const app = Fastify({ logger: false })
    await app.register(scsPlugin, { source: 'bench', audit: false })
    await app.register(slowCall)
    return withRoute(app)
  },
})
