import { setTimeout } from 'node:timers/promises'
import scsPlugin from '@fastify-scs/core'
import type { LogLineFact, QueriesFact } from '@fastify-scs/core/kit'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import slowCall, { type SlowCallReport } from '@fastify-scs/slow-call'
import store, { type Store } from '@fastify-scs/store'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlockedData } from '../../src/seed/blocked-data.js'
import { seedStore } from '../../src/seed/seed-store.js'

const NOW = Date.UTC(2026, 10, 26, 12, 20)
const WEEK_MS = 7 * 86_400_000

async function openStore(): Promise<Store & { close(): Promise<void> }> {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: 'memory:', retentionDays: false })
  await app.ready()
  return Object.assign(Object.create(app.scsStore), { close: () => app.close() })
}

describe('a week of made-up traffic', () => {
  let seeded: Awaited<ReturnType<typeof openStore>>
  let written: number
  beforeAll(async () => {
    seeded = await openStore()
    written = await seedStore(seeded, NOW)
  })
  afterAll(() => seeded.close())

  it('is stored whole, in its own time, and ends before the run begins', async () => {
    const { stored, shed } = await seeded.stats()
    expect(stored?.deadLetters).toBe(0)
    expect(shed).toEqual({ integration_requests: 0, reports: 0, audit_events: 0, route_stats: 0 })
    const records: Readonly<Record<string, number>> = stored?.records ?? {}
    expect(Object.values(records).reduce((sum, count) => sum + count, 0)).toBe(written)
    for (const kind of [
      'reports',
      'integration_requests',
      'audit_events',
      'route_stats',
    ] as const) {
      expect(records[kind]).toBeGreaterThan(200)
      const late = await seeded.find(kind, { from: NOW - 30_000, to: NOW + WEEK_MS })
      expect(late.items).toEqual([])
      const early = await seeded.find(kind, { from: 0, to: NOW - WEEK_MS - 3_600_000 })
      expect(early.items).toEqual([])
    }
  })

  it('has groups of every state and kind, and several releases', async () => {
    const { items } = await seeded.groups({ limit: 200 })
    expect(new Set(items.map(({ status }) => status))).toEqual(
      new Set(['open', 'resolved', 'muted', 'regressed']),
    )
    expect(new Set(items.map(({ kind }) => kind))).toEqual(
      new Set(['fatal', 'non-fatal', 'slow', 'stuck', 'blocked']),
    )
    expect(items.filter(({ firstRelease }) => firstRelease === '1.4.0').length).toBeGreaterThan(1)
    expect((await seeded.releases()).map(({ release }) => release)).toEqual([
      '1.4.0',
      '1.3.1',
      '1.3.0',
      '1.2.4',
    ])
  })

  it('has requests whose report, audit events and calls share a request id and a trace id', async () => {
    const { items } = await seeded.find('reports', { status: 'fatal', limit: 200 })
    const whole = []
    for (const { keys } of items) {
      const { requestId = '', traceId = '' } = keys
      const calls = await seeded.find('integration_requests', { requestId })
      const events = await seeded.find('audit_events', { requestId })
      if (calls.items.length === 0 || events.items.length === 0) continue
      for (const each of [...calls.items, ...events.items]) expect(each.keys.traceId).toBe(traceId)
      whole.push(requestId)
    }
    expect(whole.length).toBeGreaterThan(5)
  })

  it('has crash reports with lines of code, of which each frame is one of its traces', async () => {
    const { items } = await seeded.find('reports', { status: 'fatal', limit: 200 })
    const codes = items.map(({ data }) => data as unknown as CrashReport)
    expect(codes.filter(({ code }) => code.length > 1).length).toBeGreaterThan(20)
    for (const { trace, code, server } of codes) {
      expect(server.commit).toMatch(/^[0-9a-f]{40}$/)
      for (const { frame, file, line, column, first_line: first, lines } of code) {
        expect(trace).toContain(frame)
        expect(frame).toContain(`/${file}:${line}:${column})`)
        expect(lines).toHaveLength(5)
        // The place is within its line.
        expect(lines[line - first]?.length).toBeGreaterThan(column)
      }
    }
  })

  it('has queries and log lines that lie within their requests', async () => {
    const { items } = await seeded.find('reports', { limit: 200 })
    const reports = items.map(({ data }) => data as unknown as CrashReport)
    const withQueries = reports.filter(({ facts }) => facts.queries !== undefined)
    expect(withQueries.length).toBeGreaterThan(20)
    for (const { facts, time } of withQueries) {
      const { count, list, statements } = facts.queries as QueriesFact
      expect(list).toHaveLength(count)
      expect(statements.reduce((sum, { times }) => sum + times, 0)).toBe(count)
      for (const { at, durationMs } of list) {
        expect(at).toBeGreaterThanOrEqual(Date.parse(time.start))
        expect(at + (durationMs ?? 0)).toBeLessThanOrEqual(Date.parse(time.end) + 1)
      }
    }
    const withLines = reports.filter(({ facts }) => facts.log_lines !== undefined)
    expect(withLines.length).toBeGreaterThan(10)
    for (const { facts, time } of withLines)
      for (const { at, message } of facts.log_lines as LogLineFact[]) {
        expect(message).not.toBe('')
        expect(at).toBeGreaterThanOrEqual(Date.parse(time.start))
        expect(at).toBeLessThanOrEqual(Date.parse(time.end))
      }
  })

  it('has slow calls that run one statement again and again', async () => {
    const { items } = await seeded.find('reports', {
      status: 'slow',
      route: 'GET /orders/with-lines',
    })
    expect(items.length).toBeGreaterThan(1)
    for (const { data } of items) {
      const { queries } = data.data as unknown as SlowCallReport
      expect(queries?.count).toBe(25)
      expect(queries?.share).toBeGreaterThan(0.5)
      expect(queries?.repeated).toEqual([
        expect.stringMatching(
          /^24 times SELECT article, amount FROM order_lines WHERE order_id = \?, \d+ ms$/,
        ),
      ])
    }
  })

  it('has calls that blocked the event loop, with the frames that did', async () => {
    const { items } = await seeded.find('reports', { status: 'blocked' })
    const routes = new Set(items.map(({ keys }) => keys.route))
    expect(routes).toEqual(new Set(['GET /coupons/:code', 'GET /reports/daily']))
    for (const { data } of items) {
      const { trace, code, title } = data as unknown as CrashReport
      const blocked = data.data as unknown as BlockedData
      expect(title).toContain(blocked.title)
      expect(trace).toEqual(blocked.stack)
      expect(code.length).toBe(trace.length)
      const [outermost, ...called] = blocked.tree
      expect(outermost).toMatchObject({ depth: 0, samples: blocked.samples, share: 1 })
      expect(called.map(({ depth }) => depth)).toEqual(called.map(() => 1))
      expect(called.reduce((sum, { samples }) => sum + samples, 0)).toBe(blocked.samples)
    }
  })

  it('has an order with a declined card, a call that was sent again, webhooks and a refund', async () => {
    const { items } = await seeded.find('integration_requests', {
      reference: { type: 'Order', id: '42' },
    })
    expect(new Set(items.map(({ keys }) => keys.service))).toEqual(
      new Set(['payments', 'mail', 'shipping']),
    )
    expect(items.some(({ keys }) => keys.statusCode === 402)).toBe(true)
    const again = items.find(({ data }) => data.retryOf !== null)
    expect(items.map(({ id }) => id)).toContain(again?.data.retryOf)
    expect(items.some(({ data }) => data.isRemoteRequest === false)).toBe(true)
  })

  it('has more calls by day than by night', async () => {
    const callsAt = async (hour: number): Promise<number> => {
      const from = Date.UTC(2026, 10, 25, hour)
      const routes = await seeded.routeStats({ from, to: from + 3_600_000 })
      return routes.reduce((sum, { calls }) => sum + calls, 0)
    }
    expect(await callsAt(15)).toBeGreaterThan(3 * (await callsAt(3)))
  })

  it('has reports that are found by the error id that the client was given', async () => {
    const { items } = await seeded.find('reports', { limit: 50 })
    for (const { id, data } of items) {
      const found = await seeded.find('reports', { remoteId: String(data.error_id) })
      expect(found.items.map((each) => each.id)).toEqual([id])
    }
  })

  it('leaves a store alone that holds anything', async () => {
    expect(await seedStore(seeded, NOW)).toBe(0)
  })
})

it('a slow call of the run joins the slow calls of its route in the week', async () => {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: 'memory:', retentionDays: false })
  await app.register(errorReporter, { errorReporter: () => undefined })
  await app.register(slowCall, { maxMs: 1, blockedAfterMs: false })
  app.get('/export', async () => {
    await setTimeout(20)
    return {}
  })
  await app.ready()
  await seedStore(app.scsStore)
  const slowCalls = async () =>
    (await app.scsStore.groups({ limit: 200 })).items.filter(({ title }) =>
      title.includes('GET /export calltime exceeded'),
    )
  const [before] = await slowCalls()
  await app.inject('/export')
  // Its report waits until the answer has been sent.
  await expect.poll(async () => (await slowCalls())[0]?.occurrences).not.toBe(before?.occurrences)
  expect(await slowCalls()).toHaveLength(1)
  await app.close()
})

it('the week is the same in each run', async () => {
  const [one, other] = [await openStore(), await openStore()]
  for (const each of [one, other]) await seedStore(each, NOW)
  const query = { limit: 200 } as const
  expect((await other.find('reports', query)).items).toEqual(
    (await one.find('reports', query)).items,
  )
  expect(await other.groups(query)).toEqual(await one.groups(query))
  await Promise.all([one.close(), other.close()])
})
