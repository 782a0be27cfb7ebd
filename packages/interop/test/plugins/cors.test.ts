import cors from '@fastify/cors'
import { describe, expect, it } from 'vitest'
import { expectError } from './error-answer.js'
import { type Family, SETUPS, startFamily } from './family.js'

const ORIGIN = 'https://shop.example'
const headers = { origin: ORIGIN }
const preflight = {
  method: 'OPTIONS',
  headers: { ...headers, 'access-control-request-method': 'PUT' },
}

describe.each(SETUPS)('@fastify/cors, registered $order, $format', (setup) => {
  function start(): Promise<Family> {
    return startFamily(setup, {
      plugin: (app) =>
        app.register(cors, {
          origin: true,
          credentials: true,
          methods: ['GET', 'PUT'],
          exposedHeaders: ['x-error-id', 'retry-after'],
        }),
      routes: (app) => {
        app.get('/orders', () => 'ok')
        app.put('/orders', () => 'ok')
        app.get('/crash', () => {
          throw new Error('boom')
        })
      },
    })
  }

  it('has its headers on error answers of each kind, the id of the report exposed', async () => {
    const { address, reports, settled } = await start()
    const answers = {
      unknown: await fetch(`${address}/nowhere`, { method: 'POST', headers }),
      wrongMethod: await fetch(`${address}/orders`, { method: 'DELETE', headers }),
      crash: await fetch(`${address}/crash`, { headers }),
    }
    for (const answer of Object.values(answers)) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
      expect(answer.headers.get('access-control-expose-headers')).toBe('x-error-id, retry-after')
      expect(answer.headers.get('vary')).toBe('Origin')
    }
    const { format } = setup
    const message = 'Route POST:/nowhere not found'
    // What answers preflights of all paths does not make them known.
    expect(answers.unknown.headers.get('allow')).toBeNull()
    await expectError(answers.unknown, format, { status: 404, id: 'not-found', message })
    expect(answers.wrongMethod.headers.get('allow')).toBe('GET, HEAD, PUT')
    await expectError(answers.wrongMethod, format, {
      status: 405,
      id: 'method-not-allowed',
      message: 'This method is not allowed here',
    })
    const id = answers.crash.headers.get('x-error-id')
    await expectError(answers.crash, format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports.map(({ error_id }) => error_id)).toEqual([id])
  })

  it('answers preflights of known and unknown paths, and of the console, itself', async () => {
    const { address } = await start()
    for (const path of ['/orders', '/nowhere']) {
      const answer = await fetch(`${address}${path}`, preflight)
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET, PUT')
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    }
    const strict = await fetch(`${address}/orders`, { method: 'OPTIONS' })
    expect(strict.status).toBe(400)
  })
})
