import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { openStore } from './open-store.js'

const PREFIX = '/_scs'

/** The names of this machine for itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** The console of a store that another process writes. */
export interface StandaloneConsole {
  readonly address: string
  close(): Promise<void>
}

/** Serves the console over a store, for reading only, on 127.0.0.1. @throws what the store and the socket throw */
export async function serveConsole(url: string, port: number): Promise<StandaloneConsole> {
  const { app, close } = await openStore(url)
  try {
    app.addHook('onRequest', refuseOtherHosts)
    // Programs that only read a store with this package need not load the console itself.
    const { default: consolePlugin } = await import('../plugin.js')
    // Whoever can reach the address may look: only this machine can.
    await app.register(consolePlugin, { prefix: PREFIX, authorize: () => true })
    app.get('/', (_request, reply) => reply.redirect(`${PREFIX}/`))
    return await listening(app, port)
  } catch (error) {
    await close()
    throw error
  }
}

async function listening(app: FastifyInstance, port: number): Promise<StandaloneConsole> {
  const origin = await app.listen({ host: '127.0.0.1', port })
  return { address: `${origin}${PREFIX}/`, close: () => app.close() }
}

/** A page of another site whose name leads to this machine is refused: it has its own name in `Host`. */
const refuseOtherHosts: onRequestHookHandler = (request, reply, done) => {
  if (OWN_NAMES.has(request.host.replace(/:\d+$/, '').toLowerCase())) done()
  else
    reply
      .code(421)
      .type('text/plain')
      .send('This console answers to 127.0.0.1 and localhost only.\n')
}
