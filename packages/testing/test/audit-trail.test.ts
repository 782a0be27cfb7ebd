import { AssertionError } from 'node:assert'
import { auditTrail } from '@fastify-scs/testing'
import Fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { orderPlaced, ordersApp } from './orders-app.js'

let app = ordersApp()
afterEach(() => app.close())

it('shows the events of a request, typed by their template, although it was made before core was there', async () => {
  app = ordersApp()
  const trail = auditTrail(app)
  const response = await app.inject({ method: 'POST', url: '/orders/7' })
  expect(response.statusCode).toBe(201)
  const event = await trail.one(orderPlaced)
  const order: unknown = event.details.order
  expect(order).toBe('7')
  expect(event).toMatchObject({ message: 'Order 7 was placed', level: 'INFO', requestId: 'req-1' })
})

it('shows the events from the moment on when it was made in a running app', async () => {
  app = ordersApp()
  await app.inject({ method: 'POST', url: '/orders/1' })
  const trail = auditTrail(app)
  await app.inject({ method: 'POST', url: '/orders/2' })
  expect((await trail.all()).map(({ details }) => details.order)).toEqual(['2'])
  trail.clear()
  expect(await trail.all()).toEqual([])
  trail.end()
  await app.inject({ method: 'POST', url: '/orders/3' })
  expect(await trail.all()).toEqual([])
})

it('finds events by their type and by a function', async () => {
  app = ordersApp()
  const trail = auditTrail(app)
  for (const order of ['1', '2']) await app.inject({ method: 'POST', url: `/orders/${order}` })
  expect(await trail.all('orders-placed')).toHaveLength(2)
  expect(await trail.all('orders-paid')).toEqual([])
  expect((await trail.one(({ details }) => details.order === '2')).message).toContain('2')
})

it('waits for an event that comes after the answer', async () => {
  app = ordersApp()
  await app.ready()
  const trail = auditTrail(app)
  const waiting = trail.waitFor(orderPlaced)
  setImmediate(() => setImmediate(() => orderPlaced(app, { order: '9' })))
  expect((await waiting).details.order).toBe('9')
  expect((await waiting).requestId).toBeNull()
})

it('says what was seen when an event is missing, or is there twice', async () => {
  app = ordersApp()
  const trail = auditTrail(app)
  await app.inject({ method: 'POST', url: '/orders/1' })
  await app.inject({ method: 'POST', url: '/orders/2' })
  const missing = trail.waitFor('orders-paid', { timeoutMs: 10 })
  await expect(missing).rejects.toThrow(
    /no audit event 'orders-paid' within 10 ms\n.*the last of 2:\n {2}orders-placed: Order 1 was placed/,
  )
  await expect(missing).rejects.toBeInstanceOf(AssertionError)
  await expect(trail.one(orderPlaced)).rejects.toThrow(
    "expected one audit event 'orders-placed', got 2",
  )
})

it('keeps the events of many apps apart', async () => {
  app = ordersApp()
  const other = ordersApp()
  const trails = [auditTrail(app), auditTrail(other)] as const
  await other.inject({ method: 'POST', url: '/orders/1' })
  expect(await trails[0].all()).toEqual([])
  expect(await trails[1].all()).toHaveLength(1)
  await other.close()
})

it('takes the instance of a context within the app', async () => {
  app = ordersApp()
  let trail: ReturnType<typeof auditTrail> | undefined
  app.register(async (child) => {
    trail = auditTrail(child)
  })
  await app.inject({ method: 'POST', url: '/orders/1' })
  expect(await trail?.all(orderPlaced)).toHaveLength(1)
})

it('says what is missing where an app has no core, and what to pass where it is no app', async () => {
  app = Fastify()
  auditTrail(app)
  await expect(app.ready()).rejects.toMatchObject({ code: 'SCS_TESTING_ERR_NO_CORE' })
  const bare = Fastify()
  await bare.ready()
  expect(() => auditTrail(bare)).toThrow('auditTrail: the app has no @fastify-scs/core')
  await bare.close()
  expect(() => auditTrail(Promise.resolve(bare) as never)).toThrow('got a promise')
})
