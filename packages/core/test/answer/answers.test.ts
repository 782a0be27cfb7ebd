import { abort } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

it('details that JSON cannot hold are sent all the same', async () => {
  const { app } = await buildApp()
  const circle: Record<string, unknown> = { big: 12345678901234567890n }
  circle.self = circle
  Object.defineProperty(circle, 'bad', {
    enumerable: true,
    get: () => {
      throw new Error('x')
    },
  })
  Object.defineProperty(circle, '__proto__', { enumerable: true, value: { polluted: true } })
  app.get('/', () => abort(400, { details: circle }))
  const { details } = JSON.parse((await app.inject('/')).body).error
  expect(details.big).toBe('12345678901234567890')
  expect(details.self).toBe('[circular]')
  expect(details.bad).toBe('[unreadable]')
  expect(Object.getOwnPropertyDescriptor(details, '__proto__')?.value).toEqual({ polluted: true })
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

it('an error among the details shows neither its stack nor its causes', async () => {
  const { app } = await buildApp()
  const inner = new Error('inner', { cause: new Error('hidden') })
  app.get('/', () => abort(400, { details: { error: inner, stack: 'of plates' } }))
  expect((await app.inject('/')).json().error.details).toEqual({
    error: { name: 'Error', message: 'inner' },
    stack: 'of plates',
  })
})

it('huge and deep details are cut, and the answer says so', async () => {
  const { app } = await buildApp()
  let deep: unknown = 'end'
  for (let i = 0; i < 100_000; i++) deep = { deep }
  app.get('/huge', () => abort(400, { details: new Array(3_000_000).fill('x'.repeat(50)) }))
  app.get('/deep', () => abort(400, { details: deep }))
  const huge = await app.inject('/huge')
  expect(huge.statusCode).toBe(400)
  expect(huge.body.length).toBeLessThan(8_000_000)
  expect(huge.body).toContain('[truncated: ')
  expect((await app.inject('/deep')).body).toContain('[truncated: ')
})

it('a client that accepts only problem details gets them, whatever the default', async () => {
  const { app } = await buildApp()
  app.get('/', () => abort(403))
  const typeFor = async (accept: string): Promise<unknown> =>
    (await app.inject({ url: '/', headers: { accept } })).headers['content-type']
  const problem = 'application/problem+json; charset=utf-8'
  const json = 'application/json; charset=utf-8'
  expect(await typeFor('application/problem+json')).toBe(problem)
  expect(await typeFor('Application/Problem+JSON;q=0.9')).toBe(problem)
  expect(await typeFor('application/problem+json, text/html;q=0')).toBe(problem)
  expect(await typeFor('application/problem+json, */*;q=0.1')).toBe(json)
  expect(await typeFor('application/json, application/problem+json')).toBe(json)
  expect(await typeFor('text/html')).toBe(json)
})

it('the error decorator sees every error body and returns the one to send', async () => {
  const { app } = await buildApp({
    errorFormat: 'pymacaron',
    errorDecorator: (body, error, request) => ({
      ...body,
      user_message: `${request.method} went wrong: ${error.status}`,
    }),
  })
  app.get('/', () => abort(403))
  expect((await app.inject('/')).json()).toMatchObject({
    error: 'UNAUTHORIZED',
    user_message: 'GET went wrong: 403',
  })
  expect((await app.inject('/nowhere')).json().user_message).toBe('GET went wrong: 404')
})

it('the error decorator may change the body in place, and that does not last', async () => {
  let calls = 0
  const { app } = await buildApp({
    errorDecorator: (body) => {
      if (calls++ === 0) body.hint = 'only once'
    },
  })
  app.get('/', () => abort(403))
  expect((await app.inject('/')).json().hint).toBe('only once')
  expect((await app.inject('/')).json().hint).toBeUndefined()
})

it.each([
  [
    'throws',
    () => {
      throw new Error('decorator broke')
    },
  ],
  ['returns a promise', async () => ({ never: 'sent' })],
  ['returns a promise that fails', async () => Promise.reject(new Error('nobody waits'))],
])(
  'an error decorator that %s is logged and counted, and the body goes without it',
  async (_what, errorDecorator) => {
    const { app, log } = await buildApp({ errorDecorator })
    app.get('/', () => abort(403))
    expect((await app.inject('/')).json().error.id).toBe('unauthorized')
    expect(app.scs.stats().callbackFailures.errorDecorator).toBe(1)
    expect(
      log.some((line) => line.level === 50 && /errorDecorator failed/.test(line.msg ?? '')),
    ).toBe(true)
  },
)

it('a format that throws is logged and counted, and the scs format stands in', async () => {
  const { app } = await buildApp({
    errorFormat: () => {
      throw new Error('format broke')
    },
  })
  app.get('/', () => abort(403))
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(403)
  expect(answer.json().error.id).toBe('unauthorized')
  expect(app.scs.stats().callbackFailures.errorFormat).toBe(1)
})

it('a format that makes a string is sent as text', async () => {
  const { app } = await buildApp({ errorFormat: (error) => `Error ${error.status}` })
  app.get('/', () => abort(403))
  const answer = await app.inject('/')
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(answer.body).toBe('Error 403')
})

it('headers that the handler and the hooks have set stay on an error answer', async () => {
  const { app } = await buildApp()
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-from-hook', 'yes')
  })
  app.get('/', (_request, reply) => {
    reply.header('retry-after', '3')
    abort(429)
  })
  const { headers } = await app.inject('/')
  expect(headers).toMatchObject({ 'retry-after': '3', 'x-from-hook': 'yes' })
})

it('when an onSend hook fails on the error answer too, the headers set so far are sent with it', async () => {
  const { app } = await buildApp()
  app.get(
    '/',
    {
      onSend: async () => {
        throw new Error('secret detail')
      },
    },
    (_request, reply) => {
      reply.header('retry-after', '3')
      abort(429)
    },
  )
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(429)
  expect(answer.headers['retry-after']).toBe('3')
  expect(answer.body).not.toContain('secret')
})

it('the stack of an error is not read for a line that nobody writes', async () => {
  let reads = 0
  for (const level of ['silent', 'error']) {
    const { app } = await buildApp({}, { logger: { level, stream: { write: () => undefined } } })
    app.get('/', () => {
      throw Object.defineProperty(new Error('x'), 'stack', { get: () => `stack ${++reads}` })
    })
    expect((await app.inject('/')).statusCode).toBe(500)
    expect(reads > 0).toBe(level === 'error')
  }
})

it('a secret in an error message is not logged', async () => {
  const { app, log } = await buildApp()
  app.get('/', () => {
    throw new Error('connect to postgres://app:hunter2@db/orders failed, password=hunter2')
  })
  await app.inject('/')
  expect(JSON.stringify(log)).not.toContain('hunter2')
  expect(failureLines(log, 50)[0]?.msg).toContain('postgres://[redacted]@db/orders')
})

it('an error after the handler has hijacked the answer is logged, and the answer stays its own', async () => {
  const { app, log } = await buildApp()
  app.get('/', (request, reply) => {
    reply.hijack()
    app.scs.answerError(new Error('late'), request, reply)
    reply.raw.end('its own')
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, 'its own'])
  expect(failureLines(log, 50)).toHaveLength(1)
})
