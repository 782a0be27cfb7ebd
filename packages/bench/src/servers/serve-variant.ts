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
  // The runner may have gone while the server started.
  if (!process.connected) process.exit()
  const address = app.server.address()
  if (typeof address !== 'object') throw new Error(`Listens on ${address} instead of a port`)
  process.send?.({ port: address?.port })
}
