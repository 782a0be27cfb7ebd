import Fastify, { type FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { FirstOnSendHook } from '../../src/lifecycle/compat-fastify.js'

it('Fastify keeps the hooks of a request where they are looked for', async () => {
  const app = Fastify()
  const order: string[] = []
  const hook = new FirstOnSendHook((payload) => {
    order.push('ours')
    return payload
  })
  app.addHook('onSend', async () => void order.push('host'))
  app.get('/seen', (request) => String(hook.runFor(request) && hook.runFor(request)))
  app.get('/unseen', () => 'ok')
  expect((await app.inject('/seen')).body).toBe('true')
  await app.inject('/unseen')
  expect(order).toEqual(['ours', 'host', 'host'])
})

it('where Fastify keeps its hooks elsewhere, the answer goes out without ours', () => {
  const request = {} as FastifyRequest
  const hook = new FirstOnSendHook((payload) => payload)
  expect(hook.runFor(request)).toBe(false)
})
