import { defineError } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildApp } from '../build-app.js'

const closed = defineError({ code: 409, id: 'orders-closed', message: 'The shop is closed' })
const OTHER = {
  type: 'object',
  required: ['mine'],
  additionalProperties: false,
  properties: { mine: { type: 'string' } },
} as const

async function answerOf(
  response: Readonly<Record<string, unknown>>,
  prepare: (app: FastifyInstance) => void = () => {},
): Promise<unknown[]> {
  const { app, log } = await buildApp({ errorFormat: 'scs' })
  app.scs.registerError(closed)
  app.register(async (child) => {
    prepare(child)
    child.get('/', { schema: { response } }, () => {
      throw closed({ details: { since: 'noon' } })
    })
    child.get('/model', { schema: { response } }, () => ({ error: 'GONE', status: 409 }))
    child.get(
      '/hooked',
      { schema: { response }, preSerialization: async (_q, _r, body) => body },
      () => {
        throw closed({ details: { since: 'noon' } })
      },
    )
  })
  const bodies = await Promise.all(
    ['/', '/model', '/hooked'].map(async (url) => {
      const answer = await app.inject(url)
      return [answer.statusCode, answer.json()]
    }),
  )
  await app.close()
  expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([])
  return bodies
}

const SENT = [
  [
    409,
    { error: { id: 'orders-closed', message: 'The shop is closed', details: { since: 'noon' } } },
  ],
  [409, { error: { id: 'gone', message: 'Conflict' } }],
  [
    409,
    { error: { id: 'orders-closed', message: 'The shop is closed', details: { since: 'noon' } } },
  ],
]

describe('the body of an error is sent as it is though the route has another schema for', () => {
  it.each([['409'], ['4xx'], ['default']])('%s', async (status) => {
    expect(await answerOf({ [status]: OTHER })).toEqual(SENT)
  })

  it('each content type', async () => {
    const content = { 'application/json': { schema: OTHER } }
    expect(await answerOf({ 409: { content } })).toEqual(SENT)
  })

  it.each([['409'], ['4xx'], ['default']])('%s, of Zod', async (status) => {
    const zod = (app: FastifyInstance): void => {
      app.setValidatorCompiler(validatorCompiler)
      app.setSerializerCompiler(serializerCompiler)
    }
    expect(await answerOf({ [status]: z.object({ mine: z.string() }) }, zod)).toEqual(SENT)
  })

  it('its status, with a serializer of the reply', async () => {
    const own = (app: FastifyInstance): void => {
      app.addHook('onRequest', async (_request, reply) => {
        reply.serializer(() => '{"mine":"always"}')
      })
    }
    expect(await answerOf({ 409: OTHER }, own)).toEqual(SENT)
  })
})
