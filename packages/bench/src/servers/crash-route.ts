import type { FastifyInstance } from 'fastify'

/**
 * A route that always fails in a way nobody expects.
 *
 * Each message is another one, as Sentry drops an error that is the same as the one before it.
 */
export function crashRoute(app: FastifyInstance): FastifyInstance {
  let crashes = 0
  return app.get('/', () => {
    crashes += 1
    throw new Error(`Cannot boil kettle ${crashes}`)
  })
}
