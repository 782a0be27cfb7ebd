import type { AddressInfo } from 'node:net'
import { isScsError, readScsResponse } from '@fastify-scs/client'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ordersService } from './orders-service.js'

let app: FastifyInstance
let origin: string
beforeAll(async () => {
  app = await ordersService('scs')
  app.get('/html', (_request, reply) => reply.code(502).type('text/html').send('<h1>Bad</h1>'))
  app.get('/half', (_request, reply) => reply.code(500).type('application/json').send('{"error":'))
  await app.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
})
afterAll(() => app.close())

it('an answer of fetch is read with its status and the id of its report', async () => {
  const response = await fetch(`${origin}/not-paid`)
  expect(await readScsResponse(response)).toEqual({
    id: 'order-not-paid',
    code: 'ORDER_NOT_PAID',
    message: 'Please pay first',
    details: undefined,
    status: 402,
    errorId: 'abc-1',
    format: 'scs',
  })
  expect(response.headers.get('x-error-id')).toBe('abc-1')
})

it('the body of the response is still there', async () => {
  const response = await fetch(`${origin}/sold-out`)
  const error = await readScsResponse(response)
  expect(isScsError(error, 'orders-sold-out')).toBe(true)
  expect(await response.json()).toMatchObject({ error: { id: 'orders-sold-out' } })
})

it.each(['/fine', '/html', '/half'])('the answer of %s is no error with an id', async (url) => {
  expect(await readScsResponse(await fetch(origin + url))).toBeUndefined()
})

it('a response that was read already, or that is none, rejects nothing', async () => {
  const response = await fetch(`${origin}/sold-out`)
  await response.text()
  expect(await readScsResponse(response)).toBeUndefined()
  for (const value of [undefined, null, 'x', {}, { status: 500 }, Response.error()]) {
    expect(await readScsResponse(value as Response)).toBeUndefined()
  }
})

it('an answer that is cut off is no error with an id', async () => {
  const cut = new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"error":'))
        controller.error(new Error('cut off'))
      },
    }),
    { status: 500, headers: { 'content-type': 'application/json' } },
  )
  expect(await readScsResponse(cut)).toBeUndefined()
})
