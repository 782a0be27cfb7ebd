import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant, teapotRoute } from './serve-variant.js'

/** Collects garbage once the app is ready, as happens in a server of some size before its first request. */
function collectingWhenReady(app: FastifyInstance): FastifyInstance {
  app.addHook('onReady', (done) => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    done()
  })
  return app
}

await serveVariant(
  {
    bare: async () => teapotRoute(collectingWhenReady(Fastify({ logger: false }))),
    core: async () => {
      const app = Fastify({ logger: false })
      await app.register(scsPlugin, { source: 'bench', audit: false })
      return teapotRoute(collectingWhenReady(app))
    },
  },
  false,
)
