import { isError, ServiceError } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp, onlyReport } from './build-app.js'

const model = {
  error: 'NO_STOCK',
  error_description: 'the stock is gone',
  status: 503,
  error_id: 'shop-1.b_2',
}

const ways: Record<string, (app: FastifyInstance) => void> = {
  returns: (app) => app.get('/', async () => model),
  sends: (app) => app.get('/', (_request, reply) => void reply.code(200).send(model)),
  'sends with its status': (app) =>
    app.get('/', (_request, reply) => void reply.code(503).send(model)),
  throws: (app) =>
    app.get('/', async () => {
      throw model
    }),
  'throws by ServiceError.from': (app) =>
    app.get('/', async () => {
      throw ServiceError.from(model)
    }),
}

describe.each(['pymacaron', 'scs', 'problem'] as const)('in the %s format', (errorFormat) => {
  it.each(Object.entries(ways))(
    'an Error model of 500 or above that a handler %s is one fatal report with its own id',
    async (_name, add) => {
      const test = await buildApp({ core: { errorFormat } })
      add(test.app)
      const answer = await test.app.inject('/')
      expect(answer.statusCode).toBe(503)
      expect(answer.headers['x-error-id']).toBe('shop-1.b_2')
      if (errorFormat === 'pymacaron') expect(answer.json()).toEqual(model)
      const report = await onlyReport(test)
      expect(report).toMatchObject({
        is_fatal_error: true,
        error_id: 'shop-1.b_2',
        title: 'FATAL BACKEND ERROR orders 503 NO_STOCK: GET /: the stock is gone',
        response: { status: 503, error_code: 'NO_STOCK', error_description: 'the stock is gone' },
      })
      const lines = test.log.filter(({ status }) => status === 503)
      expect(lines).toMatchObject([{ errorId: 'shop-1.b_2', id: 'no-stock' }])
    },
  )
})

it('one without an id gets that of its report', async () => {
  const test = await buildApp()
  const { error_id: _id, ...open } = model
  test.app.get('/', async () => open)
  const answer = await test.app.inject('/')
  const { error_id } = await onlyReport(test)
  expect(answer.json()).toEqual({ ...open, error_id })
})

it('one below 500 is not reported and keeps its id', async () => {
  const test = await buildApp()
  test.app.get('/', async () => ({ ...model, status: 404 }))
  const answer = await test.app.inject('/')
  expect(answer.json()).toEqual({ ...model, status: 404 })
  expect(answer.headers['x-error-id']).toBe('shop-1.b_2')
  expect(await test.reported()).toEqual([])
})

it('a profile that could not be fetched is reported and returned', async () => {
  const test = await buildApp()
  const profile = { error: 'NO_PROFILE', error_description: 'Gone', status: '404' }
  test.app.get('/', async (request) => {
    if (isError(profile))
      request.reportError('Oops. Failed to get user profile', { caught: profile })
    return profile
  })
  const answer = await test.app.inject('/')
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toEqual({ ...profile, status: 404 })
  expect((await onlyReport(test)).is_fatal_error).toBe(false)
})

it('its report is made when the answer has left, with the reply that it has left by', async () => {
  const test = await buildApp()
  test.app.get('/', async () => model)
  const address = await test.app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(address)
  expect(await answer.json()).toEqual(model)
  expect((await onlyReport(test)).error_id).toBe('shop-1.b_2')
  await test.app.close()
})

it('where returnedErrors is off, one that is sent with 5xx is still reported', async () => {
  const test = await buildApp({ core: { returnedErrors: false } })
  test.app.get('/', (_request, reply) => reply.code(503).send(model))
  expect((await test.app.inject('/')).json()).toEqual(model)
  expect((await onlyReport(test)).error_id).toBe('shop-1.b_2')
})
