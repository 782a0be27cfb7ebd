import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import scsPlugin from '@fastify-scs/core'
import integrationLog from '@fastify-scs/integration-log'
import { outbound } from '@fastify-scs/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

let upstream: Server
let origin = ''
let app: FastifyInstance

beforeAll(async () => {
  upstream = createServer((request, response) => {
    response.statusCode = request.url === '/broken' ? 503 : 200
    response.setHeader('content-type', 'application/json')
    response.end('{"paid":true}')
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
})
afterAll(() => upstream.close())
afterEach(() => app.close())

function shop(): FastifyInstance {
  const made = Fastify({ logger: false })
  made.register(scsPlugin, { source: 'shop', audit: false })
  made.register(integrationLog, { services: { payments: { origin, bodies: 'always' } } })
  made.register(async (routes) => {
    routes.post('/pay', async (request) => {
      const payments = request.integrations.service('payments')
      const answer = await payments.fetch('/charges', {
        method: 'POST',
        body: JSON.stringify({ amount: 7 }),
        headers: { 'content-type': 'application/json', authorization: 'Bearer very-secret-token' },
        reference: { type: 'Order', id: '42' },
      })
      return await answer.json()
    })
    routes.post('/hook', { integration: { service: 'payments' } }, () => ({ ok: true }))
  })
  return made
}

it('shows a call that a handler has made, with its bodies and without its secrets, and no webhook', async () => {
  app = shop()
  const calls = outbound(app)
  expect((await app.inject({ method: 'POST', url: '/hook' })).statusCode).toBe(200)
  expect((await app.inject({ method: 'POST', url: '/pay' })).json()).toEqual({ paid: true })
  const call = await calls.one('payments')
  expect(call).toMatchObject({
    method: 'POST',
    url: `${origin}/charges`,
    status: 'Completed',
    statusCode: 200,
    data: { amount: 7 },
    output: { paid: true },
    route: '/pay',
    reference: { type: 'Order', id: '42' },
  })
  expect(JSON.stringify(call)).not.toContain('very-secret-token')
})

it('shows each call once, as it is now', async () => {
  app = shop()
  await app.ready()
  const calls = outbound(app)
  const handle = app.integrations.log({ service: 'ledger', method: 'PUT', url: 'https://ledger/1' })
  expect(await calls.one()).toMatchObject({ service: 'ledger', status: 'Queued' })
  handle.fail('no answer')
  expect(await calls.one(({ status }) => status === 'Failed')).toMatchObject({
    error: 'no answer',
  })
  expect(await calls.all('payments')).toEqual([])
})

it('waits for a call that fails, and names those that were made where another is missing', async () => {
  app = shop()
  await app.ready()
  const calls = outbound(app)
  const waiting = calls.waitFor(({ status }) => status === 'Failed')
  await app.integrations.service('payments').fetch('/broken')
  expect((await waiting).statusCode).toBe(503)
  await expect(calls.one('ledger')).rejects.toThrow(`payments: GET ${origin}/broken -> Failed 503`)
})
