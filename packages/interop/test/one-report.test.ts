import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import scsConsole from '@fastify-scs/console'
import scsPlugin, { defineAuditEvent, type RequestTimelineEntry } from '@fastify-scs/core'
import type { LogLineFact, QueriesFact } from '@fastify-scs/core/kit'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import queryLog, { observeBetterSqlite } from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import BetterSqlite3 from 'better-sqlite3'
import Fastify, { type FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'

const SECRET = 'canary-4eC39HqLyjWDarjtT1zdp7dc'
const paid = defineAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'Paid' })

/** What one crashing request has left behind. */
interface Left {
  readonly report: CrashReport
  readonly timeline: readonly RequestTimelineEntry[]
  /** What the console's API says of the request. */
  readonly seen: { readonly entries: readonly RequestTimelineEntry[] }
}

/** All plugins of the family, in the order of registration, and a route that does something for each of them. */
async function buildApp(
  paymentsOrigin: string,
  keep: (timeline: readonly RequestTimelineEntry[]) => void,
): Promise<FastifyInstance> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const app = Fastify({ logger: { level: 'info', stream: nowhere } })
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { errorReporter: () => undefined })
  await app.register(slowCall, { maxMs: 60_000, blockedAfterMs: false })
  await app.register(queryLog)
  await app.register(integrationLog, { services: { payments: { origin: paymentsOrigin } } })
  await app.register(scsConsole, { authorize: () => true })
  app.scs.registerAuditEvent(paid)
  const database = observeBetterSqlite(new BetterSqlite3(':memory:'))
  database.exec('CREATE TABLE order_lines (order_id INTEGER, article TEXT)')
  app.addHook('onClose', async () => void database.close())
  app.post('/orders/:id/pay', async (request) => {
    request.log.info('Paying an order')
    paid(request, {})
    const lines = database.prepare('SELECT article FROM order_lines WHERE article = ?')
    for (let order = 0; order < 6; order++) lines.all(SECRET)
    await (await request.integrations.service('payments').fetch('/charges')).text()
    request.log.warn('The charge was answered by an error')
    keep(request.timeline())
    throw new Error('no money')
  })
  await app.ready()
  return app
}

async function leftBehind(): Promise<Left> {
  const upstream = createServer((_request, response) => response.writeHead(500).end('{}'))
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as AddressInfo
  let timeline: readonly RequestTimelineEntry[] = []
  const app = await buildApp(`http://127.0.0.1:${port}`, (entries) => {
    timeline = entries
  })
  try {
    await app.inject({ method: 'POST', url: '/orders/7/pay' })
    await app.errorReporter.flush()
    await app.integrations.settled()
    await app.scsStore.flush()
    const [found] = (await app.scsStore.find('reports')).items
    const report = found?.data as unknown as CrashReport
    const answer = await app.inject(`/_scs/api/requests/${report.request?.id}`)
    expect(answer.statusCode).toBe(200)
    return { report, timeline, seen: answer.json() }
  } finally {
    await app.close()
    upstream.close()
  }
}

describe('the crash report of one request with everything registered', () => {
  let left: Left
  beforeAll(async () => {
    left = await leftBehind()
  })

  it('has its audit event, its outbound call, its queries and its log lines', () => {
    const { facts } = left.report
    expect(facts.audit_events).toMatchObject([{ message: 'Paid' }])
    expect(facts.outbound_calls).toMatchObject([{ service: 'payments', statusCode: 500 }])
    const { count, statements } = facts.queries as QueriesFact
    expect(count).toBe(6)
    expect(statements).toMatchObject([
      {
        system: 'sqlite',
        text: 'SELECT article FROM order_lines WHERE article = ?',
        times: 6,
        isRepeated: true,
      },
    ])
    const lines = facts.log_lines as LogLineFact[]
    expect(lines.map(({ level, message }) => [level, message])).toEqual(
      expect.arrayContaining([
        ['info', 'Paying an order'],
        ['warn', 'The charge was answered by an error'],
      ]),
    )
  })

  it('has the lines of code that threw', () => {
    const [first] = left.report.code
    expect(first?.file).toMatch(/one-report\.test\.ts$/)
    expect(first?.lines[first.line - first.first_line]?.trim()).toBe("throw new Error('no money')")
  })

  it('has no value that was bound to a statement, nor has the time line', () => {
    expect(JSON.stringify(left)).not.toContain(SECRET)
  })

  it('request.timeline() has told the handler the same, in order of time', () => {
    const { timeline } = left
    const whats = timeline.map(({ what }) => what)
    expect(whats[0]).toBe('arrival')
    for (const [what, times] of [
      ['audit', 1],
      ['call', 1],
      ['query', 6],
    ] as const)
      expect(whats.filter((each) => each === what)).toHaveLength(times)
    const times = timeline.map(({ at }) => at)
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(timeline.find(({ what }) => what === 'query')?.times).toBe(6)
    expect(timeline.find(({ title }) => title.includes('Paying an order'))?.what).toBe('log')
  })

  it("the console's time line has them all, and the crash", () => {
    const whats = new Set(left.seen.entries.map(({ what }) => what))
    for (const what of ['arrival', 'audit', 'query', 'call', 'log', 'crash', 'answer'] as const)
      expect(whats).toContain(what)
  })
})
