import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CrashReport, ErrorReporterOptions } from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import type { FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { boom, buildApp, type TestApp } from './build-app.js'

interface DurableApp extends TestApp {
  /** All that the files of the store's outbox hold. */
  readonly fileText: () => string
}

/** An app whose store has a record in a file when `write` returns. */
async function buildDurable(reporter: ErrorReporterOptions = {}): Promise<DurableApp> {
  const outboxPath = mkdtempSync(join(tmpdir(), 'durable-'))
  const test = await buildApp({ reporter: { growth: 1, ...reporter } })
  // The default of `flushMs` would empty the file meanwhile.
  const options = { url: 'memory:', durability: 'process', outboxPath, flushMs: 60_000 } as const
  await test.app.register(store, options)
  onTestFinished(async () => {
    await test.app.close()
    rmSync(outboxPath, { recursive: true, force: true })
  })
  const fileText = (): string =>
    readdirSync(outboxPath)
      // The lock is a socket.
      .filter((name) => !name.endsWith('.lock'))
      .map((name) => readFileSync(join(outboxPath, name), 'utf8'))
      .join('')
  return { ...test, fileText }
}

const routes: Record<string, (app: FastifyInstance) => unknown> = {
  'is thrown': (app) => app.get('/', boom),
  'is returned': (app) =>
    app.get('/', (_request, reply) => reply.code(503).send({ error: 'GONE', status: 503 })),
  'another error handler makes': (app) => {
    app.register(async (child) => {
      child.setErrorHandler((_error, _request, reply) => reply.code(502).send('sorry'))
      child.get('/', boom)
    })
  },
}

it.each(Object.entries(routes))(
  'the report of an answer of 500 that %s is in a file before the answer is sent',
  async (_how, route) => {
    const { app, fileText, reported } = await buildDurable()
    const seen: boolean[] = []
    app.addHook('onSend', async (_request, reply) => {
      seen.push(fileText().includes(`"error_id":"${String(reply.getHeader('x-error-id'))}"`))
    })
    route(app)
    await app.inject('/')
    expect(seen).toEqual([true])
    expect(await reported()).toHaveLength(1)
    const ids = fileText().match(/"id":"[^"]+","createdAt"/g)
    // A second time with its lines of code, where it has frames.
    expect(new Set(ids).size).toBe(1)
    expect(app.errorReporter.stats().reporters).toMatchObject([
      { name: 'errorReporter', delivered: 1 },
      { name: 'store', delivered: 1 },
    ])
  },
)

it('a report that beforeReport drops or changes is stored so', async () => {
  const beforeReport = (report: CrashReport): CrashReport | null => {
    if (report.title.includes('private')) return null
    return { ...report, user: null, data: 'changed' }
  }
  const { app, fileText, reported } = await buildDurable({ beforeReport })
  await app.ready()
  app.reportError('a private matter')
  expect(fileText()).not.toContain('"kind":"reports"')
  app.reportError('a public matter')
  expect(fileText()).toContain('"data":"changed"')
  expect((await reported()).map(({ report }) => report.data)).toEqual(['changed'])
  expect(app.errorReporter.stats().dropped).toBe(1)
})

it('a report is stored again with its lines of code, as the same record', async () => {
  const { app, fileText, reported } = await buildDurable()
  app.get('/', boom)
  await app.inject('/')
  expect(fileText()).toContain('"code":[]')
  const [call, ...more] = await reported()
  expect(more).toEqual([])
  expect(call?.report.code).not.toEqual([])
  await app.scsStore.flush()
  const { items } = await app.scsStore.find('reports')
  expect(items.map(({ id, revision }) => ({ id, revision }))).toEqual([
    { id: call?.report.id, revision: 1 },
  ])
  const record = await app.scsStore.get('reports', call?.report.id ?? '')
  expect(record?.data).toEqual(call?.report)
})

it('beforeReport gets a report again with its lines of code, as it was built', async () => {
  const titles: string[] = []
  const beforeReport = (report: CrashReport): CrashReport => {
    titles.push(`${report.code.length > 0} ${report.title}`)
    report.title = `changed ${report.title}`
    return report
  }
  const { app, reported } = await buildDurable({ beforeReport })
  await app.ready()
  app.reportError('Oops')
  const [call] = await reported()
  const title = 'NON-FATAL BACKEND ERROR orders: Oops'
  expect(titles).toEqual([`false ${title}`, `true ${title}`])
  expect(call?.title).toBe(`changed ${title}`)
  expect(app.errorReporter.stats()).toMatchObject({ dropped: 0, reported: { nonFatal: 1 } })
})
