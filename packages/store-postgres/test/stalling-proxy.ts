import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * Passes bytes on to a server until it is told to stall: then it takes connections and bytes, says
 * nothing more, and ends nothing.
 */
export class StallingProxy {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>
  readonly #state: { isStalled: boolean }

  private constructor(server: Server, sockets: Set<Socket>, state: { isStalled: boolean }) {
    const address = server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    this.#server = server
    this.#sockets = sockets
    this.#state = state
  }

  static async start(toPort: number): Promise<StallingProxy> {
    const sockets = new Set<Socket>()
    const state = { isStalled: false }
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ port: toPort, host: '127.0.0.1', allowHalfOpen: true })
      for (const socket of [near, far]) {
        sockets.add(socket)
        // Either end may break; the test looks at what the store makes of it.
        socket.on('error', () => {})
      }
      near.on('data', (bytes) => state.isStalled || far.write(bytes))
      far.on('data', (bytes) => state.isStalled || near.write(bytes))
      near.on('end', () => state.isStalled || far.end())
      far.on('end', () => state.isStalled || near.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new StallingProxy(server, sockets, state)
  }

  stall(): void {
    this.#state.isStalled = true
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
