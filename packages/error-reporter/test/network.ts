import { once } from 'node:events'
import net from 'node:net'

/** Two addresses for every name, as most names have; nobody listens at either. */
export const lookup: net.LookupFunction = (_host, _options, done) =>
  done(null, [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ])

/** A port of this machine where nobody listens, from a range. */
export async function closedPort(from: number, to: number): Promise<number> {
  for (;;) {
    const port = from + Math.floor(Math.random() * (to - from))
    const server = net.createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** Connects to a host of two addresses, as the clients of databases do. */
export async function dial(host: string, port: number): Promise<void> {
  const socket = net.connect({ host, port, lookup, autoSelectFamily: true })
  await once(socket, 'connect')
}
