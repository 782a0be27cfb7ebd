import { abort, BadResponseError } from '@fastify-scs/core'
import { describe, expect, it } from 'vitest'
import { boom, buildApp, onlyReport } from './build-app.js'

const FORWARDED = '0191d2f0-0000-7000-8000-000000000001'

describe('the error id is in the body, the header, the log line and the report', () => {
  it.each(['pymacaron', 'problem', 'scs'] as const)('in the %s format', async (errorFormat) => {
    const test = await buildApp({ core: { errorFormat } })
    test.app.get('/', boom)
    const answer = await test.app.inject('/')
    const { error_id } = await onlyReport(test)
    expect(answer.headers['x-error-id']).toBe(error_id)
    if (errorFormat !== 'scs') expect(answer.json().error_id).toBe(error_id)
    else expect(Object.keys(answer.json().error)).toEqual(['id', 'message'])
    expect(test.log.filter(({ errorId }) => errorId === error_id)).toMatchObject([{ status: 500 }])
  })
})

it('the id of an error that another service forwarded is kept', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  const model = { error: 'NO_STOCK', error_description: 'x', status: 500, error_id: FORWARDED }
  test.app.get('/caught', () => {
    throw new BadResponseError('Sorry').caught(model)
  })
  test.app.get('/own', () => {
    throw Object.assign(new Error('x'), { error_id: FORWARDED })
  })
  test.app.get('/returned', (_request, reply) => reply.code(500).send(model))
  test.app.get('/header', (_request, reply) =>
    reply.code(500).header('x-error-id', FORWARDED).send('x'),
  )
  for (const url of ['/caught', '/own', '/returned', '/header']) {
    const answer = await test.app.inject(url)
    expect(answer.headers['x-error-id']).toBe(FORWARDED)
  }
  const ids = (await test.reported()).map(({ report }) => report.error_id)
  expect(ids).toEqual([FORWARDED, FORWARDED, FORWARDED, FORWARDED])
  expect(test.app.reportError('x', { caught: model })).toBe(FORWARDED)
})

it.each(['no id', 'a\r\nset-cookie: b', 7, { toString: () => FORWARDED }, 'x'.repeat(65)])(
  'what is no id is not taken for one: %j',
  async (error_id) => {
    const test = await buildApp()
    test.app.get('/', () => {
      throw Object.assign(new Error('x'), { error_id })
    })
    const answer = await test.app.inject('/')
    expect(answer.headers['x-error-id']).not.toBe(error_id)
    expect(answer.headers['x-error-id']).toBe((await onlyReport(test)).error_id)
  },
)

it('an Error model that a handler returns gets the id of its report', async () => {
  const test = await buildApp()
  const model = { error: 'NO_STOCK', error_description: 'the stock is gone', status: 503 }
  test.app.get('/', (_request, reply) => reply.code(503).send(model))
  const answer = await test.app.inject('/')
  const report = await onlyReport(test)
  expect(answer.json()).toEqual({ ...model, error_id: report.error_id })
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)))
  expect(report.title).toBe('FATAL BACKEND ERROR orders 503 NO_STOCK: GET /: the stock is gone')
  expect(report.response).toMatchObject({ error_code: 'NO_STOCK', status: 503 })
})

it('another body that a handler returns stays as it is', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  const bodies = ['{"half', '{"a":1}', '[1]', 'text', `{"a":"${'x'.repeat(70_000)}"}`]
  bodies.forEach((body, at) => {
    test.app.get(`/${at}`, (_request, reply) => reply.code(500).type('text/plain').send(body))
  })
  for (const [at, body] of bodies.entries()) {
    expect((await test.app.inject(`/${at}`)).body).toBe(body)
  }
  expect(await test.reported()).toHaveLength(bodies.length)
})

it('an error below 500 has no id', async () => {
  const { app } = await buildApp()
  app.get('/', () => abort(403))
  const answer = await app.inject('/')
  expect(answer.headers['x-error-id']).toBeUndefined()
  expect(answer.json().error_id).toBeUndefined()
})
