import type { FastifyInstance } from 'fastify'
import { holdTick } from '../measure/held-tick.js'

/**
 * Runs the variant that the command line names, tells the runner its port, and ends when the runner does.
 *
 * @param isTickHeld whether `process.nextTick` is kept fast, see `holdTick`
 * @throws Error for a variant that does not exist
 */
export async function serveVariant(
  variants: Readonly<Record<string, () => Promise<FastifyInstance>>>,
  isTickHeld = true,
): Promise<void> {
  process.once('disconnect', () => process.exit())
  if (isTickHeld) await holdTick()
  const build = variants[process.argv[2] ?? '']
  if (build === undefined) {
    throw new Error(
      `Unknown variant '${process.argv[2]}'. Known: ${Object.keys(variants).join(', ')}`,
    )
  }
  const app = await build()
  await app.listen({ host: '127.0.0.1', port: 0 })
  // The runner may have gone while the server started.
  if (!process.connected) process.exit()
  const address = app.server.address()
  if (typeof address !== 'object') throw new Error(`Listens on ${address} instead of a port`)
  process.send?.({ port: address?.port })
}

/** The route of the happy path: one small JSON answer. */
export function teapotRoute(app: FastifyInstance): FastifyInstance {
  return app.get('/', () => ({ id: 42, name: 'teapot', isShort: true }))
}

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
