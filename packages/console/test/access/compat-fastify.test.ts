import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { countAsUnknown } from '../../src/access/compat-fastify.js'

it('Fastify lets a body of an unknown type pass for a request that says it is for an unknown path', async () => {
  const app = Fastify()
  const answer = async (isCounted: boolean) => {
    const request = {
      method: 'POST',
      url: `/${isCounted}`,
      headers: { 'content-type': 'application/x-unknown' },
      payload: 'hello',
    } as const
    return (await app.inject(request)).statusCode
  }
  app.post('/false', () => 'ok')
  const onRequest = async (request: Parameters<typeof countAsUnknown>[0]) => countAsUnknown(request)
  app.post('/true', { onRequest }, () => 'ok')
  expect(await answer(false)).toBe(415)
  expect(await answer(true)).toBe(200)
})
