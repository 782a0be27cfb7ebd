import type { FastifyInstance } from 'fastify'

/** The route of the happy path: one small JSON answer. */
export function teapotRoute(app: FastifyInstance): FastifyInstance {
  return app.get('/', () => ({ id: 42, name: 'teapot', isShort: true }))
}
