import { QueryTimeoutError, StoreUnavailableError } from '@fastify-scs/store'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'

let app: FastifyInstance

afterEach(() => app.close())

describe('what the console refuses', () => {
  it('says why and when to come again, when the store is away or a query takes too long', async () => {
    app = await buildApp()
    const find = vi.spyOn(app.scsStore, 'find')
    for (const [error, id, retryAfter] of [
      [new QueryTimeoutError('memory', 5_000), 'console-query-timeout', '1'],
      [new StoreUnavailableError('memory', 'no server'), 'console-store-unavailable', '5'],
    ] as const) {
      find.mockRejectedValueOnce(error)
      const answer = await app.inject('/_scs/api/records/reports')
      expect(answer.statusCode).toBe(503)
      expect(answer.headers['retry-after']).toBe(retryAfter)
      expect(answer.json().error.id).toBe(id)
      expect(answer.json().error.message).toMatch(/^The /)
    }
    const { console } = (await app.inject('/_scs/api/store')).json()
    expect(console.timedOut).toBe(1)
  })

  it('is no crash of the service, but a mistake of the console is', async () => {
    app = await buildApp()
    const find = vi.spyOn(app.scsStore, 'find')
    find.mockRejectedValueOnce(new QueryTimeoutError('memory', 5_000))
    await app.inject('/_scs/api/records/reports')
    await app.errorReporter.flush()
    expect(app.errorReporter.stats().reported.fatal).toBe(0)
    find.mockRejectedValueOnce(new TypeError('a mistake'))
    expect((await app.inject('/_scs/api/records/reports')).statusCode).toBe(500)
    await app.errorReporter.flush()
    expect(app.errorReporter.stats().reported.fatal).toBe(1)
  })

  it('is said in each format of the application', async () => {
    app = await buildApp({ core: { errorFormat: 'problem' } })
    const answer = await app.inject('/_scs/api/records/reports?limit=0')
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ path: 'querystring/limit' }] })
  })

  it('runs two queries of all clients at a time, and refuses with 503 what is too much', async () => {
    app = await buildApp({ console: { maxConcurrentQueries: 2, maxWaitingQueries: 1 } })
    let running = 0
    let most = 0
    vi.spyOn(app.scsStore, 'find').mockImplementation(async () => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 50))
      running--
      return { items: [] }
    })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => app.inject('/_scs/api/records/reports')),
    )
    const statuses = answers.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([200, 200, 200, 503, 503, 503, 503, 503])
    expect(most).toBe(2)
    expect(answers.find(({ statusCode }) => statusCode === 503)?.json().error.id).toBe(
      'console-busy',
    )
  })

  it('takes the query of a client that has left out of the queue', async () => {
    app = await buildApp({ console: { maxConcurrentQueries: 1 } })
    let end: (() => void) | undefined
    const find = vi.spyOn(app.scsStore, 'find').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        end = resolve
      })
      return { items: [] }
    })
    const port = await listen(app)
    const path = `http://127.0.0.1:${port}/_scs/api/records/reports`
    const headers = { connection: 'close' }
    const first = fetch(path, { headers }).then((answer) => answer.text())
    await expect.poll(() => find.mock.calls.length).toBe(1)
    const leaving = new AbortController()
    const left = fetch(path, { headers, signal: leaving.signal }).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    leaving.abort()
    await left
    await new Promise((resolve) => setTimeout(resolve, 200))
    end?.()
    expect(JSON.parse(await first)).toEqual({ items: [] })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(find.mock.calls.length).toBe(1)
  })

  it('counts the calls of each client, and those of no other route', async () => {
    app = await buildApp({
      console: { rateLimit: { max: 3, windowMs: 60_000 } },
      after: (app) => {
        app.get('/own', () => 'own')
      },
    })
    const ask = (remoteAddress: string) => app.inject({ url: '/_scs/api/session', remoteAddress })
    for (let call = 0; call < 3; call++) expect((await ask('10.0.0.1')).statusCode).toBe(200)
    const refused = await ask('10.0.0.1')
    expect(refused.statusCode).toBe(429)
    expect(refused.json().error.id).toBe('console-too-many-requests')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('10.0.0.2')).statusCode).toBe(200)
    for (let call = 0; call < 5; call++) {
      const own = await app.inject({ url: '/own', remoteAddress: '10.0.0.1' })
      expect(own.statusCode).toBe(200)
      expect(own.headers).not.toHaveProperty('x-ratelimit-limit')
    }
  })

  it('does not count strangers, who learn nothing from it', async () => {
    app = await buildApp({
      console: { authorize: () => false, rateLimit: { max: 1, windowMs: 60_000 } },
    })
    for (let call = 0; call < 4; call++)
      expect((await app.inject('/_scs/api/session')).statusCode).toBe(404)
  })
})
