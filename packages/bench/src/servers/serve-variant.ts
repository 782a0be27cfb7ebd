import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FastifyInstance } from 'fastify'

/**
 * Runs the variant that the command line names, tells the runner its port, and ends when the runner does.
 *
 * @throws Error for a variant that does not exist
 */
export async function serveVariant(
  variants: Readonly<Record<string, () => Promise<FastifyInstance>>>,
): Promise<void> {
  process.once('disconnect', () => process.exit())
  const build = variants[process.argv[2] ?? '']
  if (build === undefined) {
    throw new Error(
      `Unknown variant '${process.argv[2]}'. Known: ${Object.keys(variants).join(', ')}`,
    )
  }
  const app = await build()
  await app.listen({ host: '127.0.0.1', port: 0 })
  collectGarbage()
  // The runner may have gone while the server started.
  if (!process.connected) process.exit()
  const address = app.server.address()
  if (typeof address !== 'object') throw new Error(`Listens on ${address} instead of a port`)
  process.send?.({ port: address?.port })
}

/**
 * Collects the garbage of the start, as every server has it done sooner or later. It matters to speed: from a collection
 * before the first request on `process.nextTick` is slower for good (docs/performance.md), and without this line only the
 * larger servers, or those that take longer to start, would have one.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
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
