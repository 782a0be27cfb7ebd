import { setTimeout } from 'node:timers/promises'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import store, { type Store } from '@fastify-scs/store'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
      new Set(['fatal', 'non-fatal', 'slow', 'stuck']),
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
  await app.register(slowCall, { maxMs: 1 })
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
