import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const fail = (): never => {
  throw Object.assign(new Error('taken'), { statusCode: 409 })
}

it('the preSerialization hooks of the host see error and not-found answers, as any object', async () => {
  const { app } = await buildApp()
  app.addHook('preSerialization', async (request, _reply, payload) => ({
    path: request.url,
    ...(payload as object),
  }))
  app.get('/', fail)
  expect((await app.inject('/')).json()).toEqual({
    path: '/',
    error: { id: 'conflict', message: 'taken' },
  })
  const nowhere = await app.inject('/nowhere')
  expect(nowhere.json()).toMatchObject({ path: '/nowhere', error: { id: 'not-found' } })
  expect(nowhere.headers['content-length']).toBe(String(Buffer.byteLength(nowhere.body)))
})

it('a hook may change the body in place, and that does not last', async () => {
  let calls = 0
  const { app } = await buildApp()
  app.get(
    '/',
    {
      preSerialization: (_request, _reply, payload, done) => {
        const { error } = payload as { error: Record<string, unknown> }
        if (calls++ === 0) error.hint = 'only once'
        done()
      },
    },
    fail,
  )
  expect((await app.inject('/')).json().error.hint).toBe('only once')
  expect((await app.inject('/')).json().error.hint).toBeUndefined()
})

it('a hook that fails costs the answer nothing but its change; the onSend hooks run', async () => {
  const { app, log } = await buildApp()
  app.addHook('preSerialization', async () => {
    throw Object.assign(new Error('no items'), { statusCode: 404, headers: { server: 'x' } })
  })
  app.addHook('onSend', async (_request, reply) => void reply.header('x-from-hook', 'yes'))
  app.get('/', fail)
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(409)
  expect(answer.json()).toEqual({ error: { id: 'conflict', message: 'taken' } })
  expect(answer.headers).toMatchObject({ 'x-from-hook': 'yes', 'cache-control': 'no-store' })
  expect(answer.headers.server).toBeUndefined()
  expect(failureLines(log)).toHaveLength(1)
})

it('a hook that returns what JSON cannot hold, or text, is answered', async () => {
  const { app } = await buildApp()
  const returned: Record<string, unknown> = { '/bigint': { big: 1n }, '/text': 'only text' }
  for (const [url, payload] of Object.entries(returned)) {
    app.get(url, { preSerialization: async () => payload as never }, fail)
  }
  expect((await app.inject('/bigint')).json()).toEqual({ big: '1' })
  expect((await app.inject('/text')).json()).toBe('only text')
})

it('a body that a format makes as text is not shown to them, as Fastify does', async () => {
  const { app } = await buildApp({ errorFormat: (error) => `Error ${error.status}` })
  let calls = 0
  app.addHook('preSerialization', async () => void calls++)
  app.get('/', fail)
  expect((await app.inject('/')).body).toBe('Error 409')
  expect(calls).toBe(0)
})
