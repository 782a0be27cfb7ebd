import formbody from '@fastify/formbody'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const SECRET = 'canary-4eC39HqLyjWDarjtT1zdp7dc'
const parts: Parts = {
  plugin: (app) => app.register(formbody, { bodyLimit: 200 }),
  routes: (app) => {
    app.post('/echo', ({ body }) => body)
    app.post('/crash', async () => {
      throw new Error('boom')
    })
    app.post('/hook', { integration: { service: 'shop' } }, async () => 'ok')
  },
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

describe.each(SETUPS)('@fastify/formbody, registered $order, $format', (setup) => {
  it('answers a body that is too large with 413, and its bodies are in records without secrets', async () => {
    const { app, address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const large = form({ text: 'x'.repeat(500) })
    const answer = await fetch(`${address}/echo`, large)
    expect(headOf(answer)).toEqual(headOf(await fetch(`${plain}/echo`, large)))
    const told = { status: 413, id: 'payload-too-large', message: 'Request body is too large' }
    await expectError(answer, setup.format, told)
    const small = form({ article: 'kettle', password: SECRET })
    expect((await fetch(`${address}/hook`, small)).status).toBe(200)
    expect((await fetch(`${address}/crash`, small)).status).toBe(500)
    await settled()
    const [record] = (await app.integrations.find({ service: 'shop' })).items
    for (const body of [record?.data, reports[0]?.request?.body])
      expect(body).toMatchObject({ article: 'kettle', password: '[redacted]' })
    expect(JSON.stringify([record, reports])).not.toContain(SECRET)
  })
})
