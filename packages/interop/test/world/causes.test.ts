import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { Writable } from 'node:stream'
import scsPlugin from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import queryLog, { observePg } from '@fastify-scs/query-log'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { Agent, request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'

/*
 * Errors of real databases and servers, thrown as they are and as the cause of an error of the application: what the client, the
 * report, the log and the store have of them.
 */

const PASSWORD = 'hunter2-and-more'
/** Values that were bound to a statement or sent in a body; none may be seen anywhere. */
const VALUES = ['ann@secret.example', 'bob@secret.example']

interface Failure {
  readonly name: string
  /** The code that the report shows. */
  readonly code: string
  readonly run: (value: string) => Promise<unknown>
}

interface Failed {
  readonly status: number
  readonly text: string
  readonly report: CrashReport
}

const closers: (() => unknown)[] = []
let database: PostgresDatabase
let pool: pg.Pool
let impatient: pg.Pool
let app: FastifyInstance
let address: string
const reports: CrashReport[] = []
const log: string[] = []
const origins: Record<'stalling' | 'closing' | 'headless' | 'mute' | 'refusing', string> = {
  stalling: '',
  closing: '',
  headless: '',
  mute: '',
  refusing: '',
}
const agent = new Agent({ connect: { timeout: 50 }, headersTimeout: 50, bodyTimeout: 50 })

async function call(origin: string): Promise<unknown> {
  const { body } = await undiciRequest(origin, { dispatcher: agent })
  return body.text()
}

const FAILURES: readonly Failure[] = [
  {
    name: 'a unique violation of PostgreSQL',
    code: '23505',
    run: async (value) => {
      for (let times = 0; times < 2; times++)
        await pool.query('INSERT INTO people (email) VALUES ($1)', [value])
    },
  },
  {
    name: 'a statement timeout of PostgreSQL',
    code: '57014',
    run: (value) => impatient.query('SELECT $1::text, pg_sleep(5)', [value]),
  },
  {
    name: 'a PostgreSQL that refuses the connection',
    code: 'ECONNREFUSED',
    run: async () => {
      const { port } = new URL(origins.refusing)
      const url = `postgres://shop:${PASSWORD}@127.0.0.1:${port}/shop`
      await new pg.Client({ connectionString: url }).connect()
    },
  },
  {
    name: 'a PostgreSQL that does not know the password',
    code: '28P01',
    run: async () => {
      const client = new pg.Client({ connectionString: database.url({ password: PASSWORD }) })
      await client.connect()
    },
  },
  {
    name: 'a server that refuses the connection',
    code: 'ECONNREFUSED',
    run: () => call(origins.refusing),
  },
  {
    name: 'a server that does not finish the connection',
    code: 'UND_ERR_CONNECT_TIMEOUT',
    run: () => call(origins.mute.replace('http:', 'https:')),
  },
  {
    name: 'a server that closes the connection',
    code: 'UND_ERR_SOCKET',
    run: () => call(origins.closing),
  },
  {
    name: 'a server that does not answer',
    code: 'UND_ERR_HEADERS_TIMEOUT',
    run: () => call(origins.headless),
  },
  {
    name: 'a server that does not finish its answer',
    code: 'UND_ERR_BODY_TIMEOUT',
    run: () => call(origins.stalling),
  },
]

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin('CREATE TABLE people (email text UNIQUE)')
  pool = new pg.Pool({ connectionString: database.url() })
  impatient = new pg.Pool({ connectionString: database.url(), statement_timeout: 20 })
  origins.stalling = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{')
  })
  origins.closing = await serve((request) => void request.socket.destroy())
  origins.headless = await serve(() => undefined)
  origins.mute = await listen(createTcpServer())
  const gone = createTcpServer()
  origins.refusing = await listen(gone)
  await new Promise((resolve) => gone.close(resolve))

  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      log.push(String(chunk))
      done()
    },
  })
  app = Fastify({ logger: { stream } })
  await app.register(scsPlugin, { audit: false, source: 'orders' })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, {
    growth: 1,
    errorReporter: (_title, _message, report) => void reports.push(report),
  })
  await app.register(queryLog)
  observePg(pool)
  observePg(impatient)
  for (const [index, { run }] of FAILURES.entries()) {
    app.get<{ Querystring: { value: number } }>(`/thrown/${index}`, ({ query }) =>
      run(VALUES[query.value] ?? ''),
    )
    app.get<{ Querystring: { value: number } }>(`/cause/${index}`, async ({ query }) => {
      try {
        return await run(VALUES[query.value] ?? '')
      } catch (cause) {
        throw new Error('The order could not be kept', { cause })
      }
    })
  }
  address = await app.listen({ port: 0, host: '127.0.0.1' })
}, 60_000)

afterAll(async () => {
  await app?.close()
  await pool?.end()
  await impatient?.end()
  await agent.destroy()
  for (const close of closers) await close()
  await database?.remove()
})

async function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener))
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Asks twice at once, with other values. */
async function failTwice(path: string): Promise<readonly Failed[]> {
  const answers = await Promise.all(
    [0, 1].map((value) => fetch(`${address}${path}?value=${value}`)),
  )
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  // An answer may be there before the server knows that it has left.
  await expect.poll(() => app.errorReporter.flush().then(() => reports.length)).toBe(2)
  const made = reports.splice(0)
  return made.map((report, at) => ({
    status: (answers[at] as Response).status,
    text: texts[at] as string,
    report,
  }))
}

describe.each(FAILURES.map((failure, index) => ({ ...failure, index })))(
  '$name',
  ({ code, index }) => {
    it('as it is thrown: the client sees nothing of it, the report has its code, and like ones are one group', async () => {
      const [first, second] = (await failTwice(`/thrown/${index}`)) as [Failed, Failed]
      for (const { status, text } of [first, second]) {
        expect([500, 502]).toContain(status)
        expect(text).toMatch(
          /^\{"error":\{"id":"(?:internal-server-error|bad-gateway)","message":"[\w ]+"\}\}$/,
        )
      }
      expect(codesOf(first.report)).toContain(code)
      expect(second.report.fingerprint).toBe(first.report.fingerprint)
    })

    it('as a cause: the report has the chain with the code, and like ones are one group', async () => {
      const [first, second] = (await failTwice(`/cause/${index}`)) as [Failed, Failed]
      for (const { status, text } of [first, second]) {
        expect(status).toBe(500)
        expect(text).toBe(
          '{"error":{"id":"internal-server-error","message":"An unexpected error occurred"}}',
        )
      }
      expect(first.report.error_caught).toMatchObject({ message: 'The order could not be kept' })
      expect(first.report.causes[0]).toMatchObject({ code })
      expect(second.report.fingerprint).toBe(first.report.fingerprint)
    })
  },
)

it('the failures have groups of their own, and no bound value or password is in the log, a report or the store', async () => {
  await app.scsStore.flush()
  const { items } = await app.scsStore.find('reports', { limit: 100 })
  expect(items).toHaveLength(FAILURES.length * 4)
  // The two that are refused are one: without a frame of the application, at ports that the system gave out.
  expect(new Set(items.map(({ keys }) => keys.fingerprint)).size).toBe((FAILURES.length - 1) * 2)
  const all = JSON.stringify(items) + log.join('')
  for (const secret of [...VALUES, PASSWORD]) expect(all).not.toContain(secret)
  // The statements are there, without their values.
  expect(all).toContain('INSERT INTO people (email) VALUES ($1)')
})

function codesOf({ error_caught, causes }: CrashReport): readonly unknown[] {
  return [error_caught, ...causes].map((each) => (each as { code?: unknown } | null)?.code)
}
