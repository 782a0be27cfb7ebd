import sensible from '@fastify/sensible'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const parts: Parts = {
  plugin: (app) => app.register(sensible, { sharedSchemaId: 'HttpError' }),
  routes: (app) => {
    const schema = { response: { '4xx': { $ref: 'HttpError#' }, '5xx': { $ref: 'HttpError#' } } }
    app.get('/thrown', { schema }, () => {
      throw app.httpErrors.notFound('No such order')
    })
    app.get('/sent', { schema }, (_request, reply) => reply.conflict('Sold out'))
    app.get('/assert', { schema }, async () => app.assert(false, 422, 'Not enough'))
    app.get('/later', async () => {
      throw app.httpErrors.createError(429, 'Later', { headers: { 'retry-after': '5' } })
    })
    app.get('/own', async () => app.httpErrors.createError(409, 'Sold out', { left: 3 }))
    app.get('/crash', { schema }, (_request, reply) => reply.internalServerError('secret host'))
    app.get('/busy', { schema }, () => {
      throw app.httpErrors.serviceUnavailable('secret host')
    })
    app.get('/to', async () => {
      const [error] = await app.to(Promise.reject(new TypeError('secret')))
      throw error
    })
  },
}

describe.each(SETUPS)('@fastify/sensible, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers its errors with their status, message and headers, whatever its own schema', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const expected = {
      '/thrown': { status: 404, id: 'not-found', message: 'No such order' },
      '/sent': { status: 409, id: 'conflict', message: 'Sold out' },
      '/assert': { status: 422, id: 'unprocessable-entity', message: 'Not enough' },
      '/later': { status: 429, id: 'too-many-requests', message: 'Later' },
      '/own': { status: 409, id: 'conflict', message: 'Sold out' },
    }
    for (const [path, told] of Object.entries(expected)) {
      const answer = await fetch(address + path)
      expect(headOf(answer), path).toEqual(headOf(await fetch(plain + path)))
      await expectError(answer, format, told)
    }
    expect((await fetch(`${address}/later`)).headers.get('retry-after')).toBe('5')
    await settled()
    expect(reports).toEqual([])
  })

  it('answers those of 500 and above without their text, and reports each once', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const crash = { id: 'internal-server-error', code: 'SERVER_ERROR' }
    const message = 'An unexpected error occurred'
    const expected = {
      '/crash': { status: 500, ...crash, message },
      '/busy': { status: 503, id: 'service-unavailable', message: 'Service Unavailable' },
      '/to': { status: 500, ...crash, message },
    }
    for (const [path, told] of Object.entries(expected)) {
      const answer = await fetch(address + path)
      expect(headOf(answer), path).toEqual(headOf(await fetch(plain + path)))
      await expectError(answer, format, told)
    }
    await settled()
    expect(reports).toHaveLength(3)
  })
})
