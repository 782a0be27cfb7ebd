import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'

function withRoute(app: FastifyInstance): FastifyInstance {
  return app.get('/', () => ({ id: 42, name: 'teapot', isShort: true }))
}

await serveVariant({
  bare: async () => withRoute(Fastify({ logger: false })),
  core: async () => {
    const app = Fastify({ logger: false })
    await app.register(scsPlugin, { source: 'bench', audit: false })
    return withRoute(app)
  },
})
