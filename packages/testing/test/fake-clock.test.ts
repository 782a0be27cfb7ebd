import { performance as sharedPerformance } from 'node:perf_hooks'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import { auditTrail, fakeClock, reports } from '@fastify-scs/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, it, vi } from 'vitest'
import { orderPlaced, ordersApp } from './orders-app.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let clock = fakeClock()
clock.restore()
let app: FastifyInstance
afterEach(async () => {
  clock.restore()
  await app?.close()
})

it('stands still until it is moved, in all that tells the time', async () => {
  clock = fakeClock({ now: new Date('2026-01-01T00:00:00Z') })
  const begun = [performance.now(), sharedPerformance.now()] as const
  await new Promise((resolve) => setImmediate(resolve))
  expect(new Date().toISOString()).toBe('2026-01-01T00:00:00.000Z')
  await clock.advance(1_500)
  expect(clock.now).toBe(Date.parse('2026-01-01T00:00:01.500Z'))
  expect(performance.now() - begun[0]).toBeCloseTo(1_500)
  expect(sharedPerformance.now() - begun[1]).toBeCloseTo(1_500)
  clock.restore()
  expect(Date.now()).toBeGreaterThan(Date.parse('2026-01-01T00:00:02Z'))
  expect(Object.hasOwn(performance, 'now')).toBe(false)
})

it('refuses to be faked twice', () => {
  clock = fakeClock()
  expect(() => fakeClock()).toThrow('fakeClock: the clock is already faked')
  clock.restore()
  clock = fakeClock()
})

it('goes on from the time that a request has begun with, so that its audit event has the faked time', async () => {
  clock = fakeClock({ now: new Date('2026-02-01T12:00:00Z') })
  app = ordersApp()
  const trail = auditTrail(app)
  await app.inject({ method: 'POST', url: '/orders/1' })
  expect((await trail.one(orderPlaced)).date).toBe('2026-02-01T12:00:00.000Z')
})

it('makes a call slow, and then stuck', async () => {
  clock = fakeClock()
  app = Fastify()
  app.register(scsPlugin, { source: 'orders', audit: false })
  app.register(slowCall, { onSlowCall: () => undefined, blockedAfterMs: false })
  app.register(async (routes) => {
    routes.get('/wait/:ms', async (request) => {
      const { ms } = request.params as { readonly ms: string }
      await new Promise((resolve) => setTimeout(resolve, Number(ms)))
      return 'done'
    })
  })
  await app.ready()
  const seen = reports(app)
  const quick = app.inject('/wait/900')
  await clock.advance(900)
  expect((await quick).statusCode).toBe(200)
  expect(await seen.all()).toEqual([])

  const slow = app.inject('/wait/1500')
  await clock.advance(1_500)
  expect((await slow).statusCode).toBe(200)
  const report = await seen.one('slow')
  expect(report.data).toMatchObject({ limitMs: 1_000, durationMs: expect.closeTo(1_500, 0) })

  const stuck = app.inject('/wait/90000')
  await clock.advance(62_000)
  expect(await seen.one('stuck')).toMatchObject({ status: null })
  await clock.advance(30_000)
  expect((await stuck).statusCode).toBe(200)
})

it('lets a group of errors become new again', async () => {
  clock = fakeClock()
  app = ordersApp()
  const seen = reports(app)
  for (let call = 0; call < 3; call++) await app.inject('/crash')
  expect(await seen.all()).toHaveLength(2)
  await clock.jump(HOUR_MS + 1)
  await app.inject('/crash')
  expect(await seen.all()).toHaveLength(3)
})

it('makes a reporter that has failed be called again', async () => {
  clock = fakeClock()
  const reporter = vi.fn().mockRejectedValueOnce(new Error('no network')).mockResolvedValue(null)
  app = ordersApp({}, { errorReporter: reporter, delivery: { retryMs: 1_000 } })
  const seen = reports(app)
  await app.inject('/crash')
  await seen.one()
  await clock.advance(0)
  expect(reporter).toHaveBeenCalledTimes(1)
  await clock.advance(2_000)
  expect(reporter).toHaveBeenCalledTimes(2)
})

it('makes records too old to be kept', async () => {
  clock = fakeClock()
  app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: 'memory:', retentionDays: 30 })
  app.scs.registerAuditEvent(orderPlaced)
  await app.ready()
  orderPlaced(app, { order: '1' })
  expect((await app.scsStore.find('audit_events')).items).toHaveLength(1)
  await clock.jump(31 * DAY_MS)
  await clock.advance(60_000)
  expect((await app.scsStore.find('audit_events')).items).toHaveLength(0)
})

it('a time that is none is refused, and the clock goes on', () => {
  const fake = (): unknown => fakeClock({ now: 'yesterday' as unknown as Date })
  expect(fake).toThrow(expect.objectContaining({ code: 'SCS_TESTING_ERR_ARGUMENT' }))
  fakeClock().restore()
})
