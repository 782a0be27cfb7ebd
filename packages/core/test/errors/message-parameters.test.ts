import { abort, defineError, type ErrorDefinition } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

/** What a throw of an error with this message is answered with, and the mistakes that are logged about it. */
async function answerOf(
  message: string,
  options?: object,
): Promise<{ error: unknown; mistakes: unknown[]; headers: object }> {
  const { app, log } = await buildApp()
  const make = app.scs.registerError({ code: 409, id: 'orders-sold-out', message })
  app.get('/', () => {
    throw make(options as never)
  })
  const { json, headers } = await app.inject('/')
  return { error: json().error, mistakes: failureLines(log, 50).map(({ msg }) => msg), headers }
}

it('a field of the message is filled in from the params', async () => {
  const { error, mistakes } = await answerOf('Only {left} are left of {name}', {
    params: { left: 2, name: 'tea' },
  })
  expect(error).toEqual({ id: 'orders-sold-out', message: 'Only 2 are left of tea' })
  expect(mistakes).toEqual([])
})

it('a field that the params do not have is taken from the details', async () => {
  const { error, mistakes } = await answerOf('Only {left} are left of {name}', {
    details: { left: 2, name: 'coffee' },
    params: { name: 'tea' },
  })
  const message = 'Only 2 are left of tea'
  expect(error).toEqual({
    id: 'orders-sold-out',
    message,
    details: { left: 2, name: 'coffee' },
  })
  expect(mistakes).toEqual([])
})

it('abort takes params, with an id, without one, and where Flask has them', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 409, id: 'sold-out', message: 'Only {left} are left' })
  const params = { left: 3 }
  app.get('/id', () => abort(409, { id: 'sold-out', params }))
  app.get('/default', () => abort(409, { params }))
  app.get('/description', () => abort(409, { description: { id: 'sold-out', params } }))
  for (const url of ['/id', '/default', '/description']) {
    expect((await app.inject(url)).json().error.message).toBe('Only 3 are left')
  }
})

it('the message of the thrown error is filled in as well, for reports and logs', async () => {
  const down = defineError({ code: 503, id: 'down', message: '{service} is down' })
  expect(down({ params: { service: 'stripe' } }).message).toBe('stripe is down')
})

it.each([403, 503])(
  'a value that the redactor hides by its name reaches the client, and no log: %i',
  async (code) => {
    const { app, log } = await buildApp({ redact: { keys: ['garden'] } })
    const message = '{password}, {garden} and {row} are wrong for {who}'
    const wrong = app.scs.registerError({ code, id: 'wrong', message })
    const params = { password: 'hunter2', garden: 'roses', who: 'Ada' }
    app.get('/factory', () => {
      throw wrong({
        params: { ...params, row: 7 },
        cause: wrong({ params: { ...params, row: 8 } }),
      })
    })
    app.get('/abort', () => abort(code, { id: 'wrong', params, details: { row: 7 } }))
    for (const url of ['/factory', '/abort']) {
      const answer = await app.inject(url)
      expect(answer.json().error.message).toBe('hunter2, roses and 7 are wrong for Ada')
    }
    expect(JSON.stringify(log)).toContain('wrong for Ada')
    expect(JSON.stringify(log)).not.toMatch(/hunter2|roses/)
  },
)

it.each([
  ['a number', 2.5, '2.5'],
  ['a bigint', 12n, '12'],
  ['true', true, 'true'],
  ['null', null, 'null'],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['a list', ['a', 1], '["a",1]'],
  ['an object', { a: { b: 1 } }, '{"a":{"b":1}}'],
  ['a text with a field', '{left}', '{left}'],
  ['a quote', 'a "b"', 'a "b"'],
])('the text of %s stands in the message', async (_what, left, text) => {
  const { error, mistakes } = await answerOf('<{left}>', { params: { left } })
  expect(error).toMatchObject({ message: `<${text}>` })
  expect(mistakes).toEqual([])
})

it('no value is without an end, begins a line, moves a cursor or turns the text, and none comes into the head', async () => {
  const forged = 'x\r\nset-cookie: a=b\u001b[2K\u202e\u2028'
  const { error, headers } = await answerOf('<{left}>', { params: { left: forged } })
  expect(error).toMatchObject({
    message: '<x\\u000d\\u000aset-cookie: a=b\\u001b[2K\\u202e\\u2028>',
  })
  expect(headers).not.toHaveProperty('set-cookie')
  for (const left of ['x'.repeat(1e6), '\n'.repeat(1e4), Array(1e4).fill('x')]) {
    const { error } = await answerOf('<{left}>', { params: { left } })
    expect((error as { message: string }).message).toHaveLength(202)
  }
})

it.each([
  ['no options', undefined],
  ['no such param', { params: { lft: 2 } }],
  ['a param that is undefined', { params: { left: undefined } }],
  ['params that are a text', { params: 'left' }],
  ['details that are a list', { details: [1] }],
  [
    'a getter that throws',
    {
      params: {
        get left() {
          throw new Error('no')
        },
      },
    },
  ],
])('with %s the field stays as it was written, and the log says so', async (_what, options) => {
  const { error, mistakes } = await answerOf('Only {left} are {{left}}', options)
  expect(error).toMatchObject({ message: 'Only {left} are {left}' })
  expect(mistakes).toEqual([
    'the message of the error "orders-sold-out" names {left}, which neither params nor details have',
  ])
})

it('fields of every object are no values', async () => {
  const { error, mistakes } = await answerOf('{constructor} {toString}', { params: {} })
  expect(error).toMatchObject({ message: '{constructor} {toString}' })
  expect(mistakes).toHaveLength(1)
})

it('params for a message without a field are a mistake in the log', async () => {
  const { error, mistakes } = await answerOf('None are left', { params: { left: 2 } })
  expect(error).toMatchObject({ message: 'None are left' })
  expect(mistakes).toEqual([
    'the message of the error "orders-sold-out" names no field, so params are not used',
  ])
})

it('a message with doubled braces is answered with single ones', async () => {
  expect((await answerOf('Use {{id}}')).error).toMatchObject({ message: 'Use {id}' })
})

it.each(['{a b}', 'a { b', 'a } b', '{}', '{"a": 1}'])(
  'the message %s is refused when it is registered, with what to do',
  async (message) => {
    const { app } = await buildApp()
    const refused = expect.objectContaining({
      code: 'SCS_ERR_TEMPLATE',
      message: expect.stringContaining(
        `The error "x": the message template ${JSON.stringify(message)}`,
      ),
    })
    const definition: ErrorDefinition = { code: 409, id: 'x', message }
    expect(() => app.scs.registerError(definition)).toThrow(refused)
    expect(() => defineError(definition)).toThrow(refused)
    expect(app.scs.errors.map(({ id }) => id)).not.toContain('x')
  },
)

it('what answers without a throw of the error shows the message as it was written', async () => {
  const { app, log } = await buildApp()
  app.scs.registerError({ code: 404, id: 'not-found', message: 'No {what} in {{here}}' })
  expect((await app.inject('/nowhere')).json().error.message).toBe('No {what} in {here}')
  expect(failureLines(log, 50)).toEqual([])
})

it('the message of an exception is a text, whatever braces it has', async () => {
  const { app, log } = await buildApp()
  class Broken extends Error {}
  const exception = { exceptionClass: Broken, id: 'broken', message: 'a {b} {{c}} }' }
  for (let i = 0; i < 2; i++) app.scs.registerException(exception)
  app.get('/', () => {
    throw new Broken()
  })
  expect((await app.inject('/')).json().error.message).toBe('a {b} {{c}} }')
  expect(app.scs.exceptions[0]?.message).toBe('a {b} {{c}} }')
  for (const { msg } of failureLines(log, 50)) expect(msg).not.toMatch(/names/)
  expect(failureLines(log, 50)).toHaveLength(1)
})

it.each(['scs', 'pymacaron', 'problem'] as const)(
  'each answer in the format %s has its own values',
  async (errorFormat) => {
    const { app } = await buildApp({ errorFormat })
    const schema = Type.Object({ left: Type.Integer() })
    const soldOut = app.scs.registerError({
      code: 409,
      id: 'sold-out',
      message: 'Only {left} are left',
      details: schema,
    })
    const closed = app.scs.registerError({ code: 409, id: 'closed', message: 'Closed: {why}' })
    app.get<{ Params: { left: string } }>('/:left', (request) => {
      const left = Number(request.params.left)
      throw left === 0 ? closed({ params: { why: 'no stock' } }) : soldOut({ details: { left } })
    })
    for (const left of [1, 2, 1]) {
      expect((await app.inject(`/${left}`)).body).toContain(`"Only ${left} are left"`)
    }
    expect((await app.inject('/0')).body).toContain('"Closed: no stock"')
  },
)
