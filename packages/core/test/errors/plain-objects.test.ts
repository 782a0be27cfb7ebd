import { expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const answerTo = async (thrown: unknown, errorFormat: 'scs' | 'problem' = 'scs') => {
  const { app } = await buildApp({ errorFormat })
  app.get('/', async () => {
    throw thrown
  })
  return app.inject('/')
}

it('a plain object that is thrown keeps its own fields as details', async () => {
  // As errorResponseBuilder of @fastify/rate-limit makes it.
  const limited = {
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'I only allow 3 requests a minute',
    date: 1_764_000_000_000,
    expiresIn: 60,
  }
  const answer = await answerTo(limited)
  expect(answer.statusCode).toBe(429)
  const { error, date, expiresIn } = limited
  expect(answer.json()).toEqual({
    error: {
      id: 'too-many-requests',
      message: limited.message,
      details: { error, date, expiresIn },
    },
  })
  expect((await answerTo(limited, 'problem')).json().details).toEqual({ error, date, expiresIn })
})

it('details beside another field are one field of the details', async () => {
  const thrown = { status: 409, message: 'taken', details: { by: 'ann' }, seat: 7 }
  expect((await answerTo(thrown)).json().error.details).toEqual({ details: { by: 'ann' }, seat: 7 })
})

it('its details alone are the details', async () => {
  const { error } = (
    await answerTo({ status: 409, message: 'taken', details: { by: 'ann' } })
  ).json()
  expect(error).toEqual({ id: 'conflict', message: 'taken', details: { by: 'ann' } })
})

it('an object without a prototype or of another realm is plain too', async () => {
  const bare = Object.assign(Object.create(null) as object, { statusCode: 409, by: 'ann' })
  expect((await answerTo(bare)).json().error.details).toEqual({ by: 'ann' })
})

it('secrets among the fields are redacted, and the rest is bounded', async () => {
  const thrown = { statusCode: 400, apiKey: 'hunter2', rows: Array(20_000).fill('a row') }
  const answer = await answerTo(thrown)
  expect(answer.body).not.toContain('hunter2')
  expect(answer.json().error.details.apiKey).toBe('[redacted]')
  expect(answer.json().error.details.rows.length).toBeLessThan(20_000)
})

it.each([
  ['a 5xx', { statusCode: 503, message: 'secret detail', host: 'secret detail' }],
  ['one that is not for the client', { statusCode: 400, expose: false, host: 'secret detail' }],
  ['an error', Object.assign(new Error('x'), { statusCode: 400, host: 'secret detail' })],
  [
    'an instance of a class',
    new (class Thing {
      statusCode = 400
      host = 'secret detail'
    })(),
  ],
  ['stack, headers and cause', { statusCode: 400, stack: 'secret detail', cause: 'secret detail' }],
])('%s shows no fields', async (_what, thrown) => {
  const answer = await answerTo(thrown)
  expect(answer.body).not.toContain('secret detail')
  expect(answer.json().error.details).toBeUndefined()
})
