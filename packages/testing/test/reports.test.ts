import { once } from 'node:events'
import scsPlugin from '@fastify-scs/core'
import slowCall from '@fastify-scs/slow-call'
import { reports } from '@fastify-scs/testing'
import Fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { ordersApp } from './orders-app.js'

let app = ordersApp()
afterEach(() => app.close())

it('shows a crash without a store, right after the answer', async () => {
  app = ordersApp()
  const seen = reports(app)
  expect((await app.inject('/crash')).statusCode).toBe(500)
  const report = await seen.one('fatal')
  expect(report).toMatchObject({
    route: 'GET /crash',
    status: 500,
    requestId: 'req-1',
    error: { name: 'TypeError', message: 'the basket is no list' },
  })
  expect(report.errorId).toBe(report.report.error_id)
})

it('shows a report with its lines of code once they are read', async () => {
  app = ordersApp({}, { code: {} })
  const seen = reports(app)
  await app.inject('/crash')
  const { report } = await seen.one()
  expect(JSON.stringify(report.code)).toContain('the basket is no list')
})

it('shows what reportError has reported, with its data', async () => {
  app = ordersApp()
  const seen = reports(app)
  await app.inject('/noted')
  expect(await seen.one('non-fatal')).toMatchObject({
    title: 'NON-FATAL BACKEND ERROR orders GET /noted: The stock was not updated',
    data: { order: '7' },
    error: null,
  })
})

it('shows nothing for an answer that is no crash', async () => {
  app = ordersApp()
  const seen = reports(app)
  await app.inject('/sold-out')
  expect(await seen.all()).toEqual([])
})

it('shows an occurrence that is only counted once', async () => {
  app = ordersApp()
  const seen = reports(app)
  for (let call = 0; call < 3; call++) await app.inject('/crash')
  // The group is reported at its first and at its second occurrence.
  expect(await seen.all('fatal')).toHaveLength(2)
})

it('shows a slow call through the error reporter, and without one', async () => {
  for (const isAlone of [false, true]) {
    app = isAlone ? Fastify() : ordersApp()
    if (isAlone) {
      app.register(scsPlugin, { source: 'orders', audit: false })
      app.register(slowCall, { onSlowCall: () => undefined, blockedAfterMs: false })
    }
    app.register(async (child) => {
      child.get('/slow', { slowCall: 1 }, async () => {
        const begun = performance.now()
        while (performance.now() - begun < 3) await new Promise((resolve) => setImmediate(resolve))
        return 'done'
      })
    })
    const seen = reports(app)
    await app.inject('/slow')
    const report = await seen.one('slow')
    expect(report).toMatchObject({ route: 'GET /slow', requestId: 'req-1' })
    expect(report.data).toMatchObject({ limitMs: 1 })
    if (isAlone) await app.close()
  }
})

it('sees the report of a request over a socket', async () => {
  app = ordersApp()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const seen = reports(app)
  const waiting = seen.waitFor('fatal')
  const response = await fetch(`${app.listeningOrigin}/crash`)
  expect(response.status).toBe(500)
  expect((await waiting).status).toBe(500)
  expect(await seen.all()).toHaveLength(1)
  app.server.closeAllConnections()
  app.server.close()
  await once(app.server, 'close')
})

it('a listener that fails harms neither the report nor the other listeners', async () => {
  app = ordersApp()
  await app.ready()
  app.scs.records.subscribe(() => {
    throw new Error('a listener failed')
  })
  const seen = reports(app)
  await app.inject('/crash')
  expect(await seen.all()).toHaveLength(1)
  expect(app.scs.stats().callbackFailures.recordListener).toBe(1)
})
