import type { FastifyInstance } from 'fastify'
import { Agent, request } from 'undici'
import { request as request6 } from 'undici6'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IntegrationHandle } from '../../src/index.js'
import { buildApp, only, type TestApp } from '../build-app.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

async function build(): Promise<TestApp> {
  return await buildApp({ log: { services: { payments: { origin: upstream.origin } } } })
}

/** Reads an answer of `/steps`, which waits for the gate after each step. */
async function readSteps(response: Response): Promise<void> {
  for await (const _ of response.body ?? []) upstream.gate.open()
}

/** The handle of a response, which has to have one. */
function handleOf(app: FastifyInstance, response: unknown): IntegrationHandle {
  const handle = app.integrations.of(response)
  if (handle === undefined) throw new Error('no handle')
  return handle
}

describe('of(response), the record of a response', () => {
  it('is there at once, and is the one that is written when the call ends', async () => {
    const { app, records } = await build()
    const response = await app.integrations.service('payments').fetch('/declined')
    const handle = handleOf(app, response)
    expect(handle.record).toMatchObject({ method: 'GET', statusCode: 200 })
    await response.text()
    const record = only(await records())
    expect(record).toMatchObject({ status: 'Completed', output: { reason: 'expired_card' } })
    expect(handle.id).toBe(record.id)
    expect(handle.record).toEqual(record)
    await app.close()
  })

  it.each(['before the answer has ended', 'after it has ended', 'after it was written'])(
    'what the application sets %s stays, and the rest is as it was seen',
    async (when) => {
      const { app, records } = await build()
      const payments = app.integrations.service('payments')
      const response = await payments.fetch('/declined', { method: 'POST', body: '{"a":1}' })
      if (when !== 'before the answer has ended') await response.text()
      if (when === 'after it was written') await records()
      const handle = handleOf(app, response)
      handle.fail('declined')
      handle.update({ order: '42' })
      await response.text().catch(() => undefined)
      const record = only(await records())
      expect(record).toMatchObject({
        status: 'Failed',
        error: 'declined',
        output: { reason: 'expired_card' },
        data: { a: 1, order: '42' },
        statusCode: 200,
        durationMs: expect.any(Number),
      })
      expect(await app.integrations.get(handle.id)).toEqual(record)
      await app.close()
    },
  )

  it('is one shared state for everyone who asks or resumes it by its id', async () => {
    const { app, records } = await build()
    const response = await app.integrations.service('payments').fetch('/json')
    const first = handleOf(app, response)
    first.authorize()
    await response.text()
    await records()
    const second = handleOf(app, response)
    const third = await app.integrations.resume(first.id)
    third?.refer({ type: 'Order', id: '42' })
    second.complete({ done: true })
    expect(first.record).toMatchObject({
      status: 'Completed',
      output: { done: true },
      reference: { type: 'Order', id: '42' },
    })
    expect(only(await records())).toEqual(first.record)
    await app.close()
  })

  it('is that of the last exchange when a redirect was followed', async () => {
    const { app, records } = await build()
    const response = await app.integrations.service('payments').fetch('/moved', { key: 'order-1' })
    await response.text()
    const [moved, answered] = await records()
    expect(handleOf(app, response).id).toBe(answered?.id)
    expect([moved?.key, answered?.key]).toEqual(['order-1', null])
    await app.close()
  })

  it('is the same record when a slow call was written as Queued before', async () => {
    const { app, records } = await buildApp({
      log: { services: { payments: { origin: upstream.origin } }, queuedAfterMs: 10 },
    })
    const response = await app.integrations.service('payments').fetch('/steps')
    await expect.poll(async () => (await records()).length).toBe(1)
    const handle = handleOf(app, response)
    handle.authorize()
    await readSteps(response)
    const record = only(await records())
    expect(record).toMatchObject({
      status: 'Authorized',
      output: expect.stringContaining('data: 3'),
    })
    expect(record.id).toBe(handle.id)
    await app.close()
  })

  it('is found for undici.request through the service’s dispatcher', async () => {
    const { app, records } = await build()
    const { dispatcher } = app.integrations.service('payments')
    const seven = await request(`${upstream.origin}/json`, { dispatcher })
    const six = await request6(`${upstream.origin}/json`, { dispatcher: dispatcher as never })
    handleOf(app, seven).complete({ by: 7 })
    await seven.body.text()
    await six.body.text()
    await records()
    handleOf(app, six).complete({ by: 6 })
    expect((await records()).map(({ output }) => output)).toEqual([{ by: 7 }, { by: 6 }])
    await app.close()
  })

  it('is undefined for a foreign response and for anything else', async () => {
    const { app } = await build()
    const response = await fetch(`${upstream.origin}/json`)
    const { proxy: revoked, revoke } = Proxy.revocable({}, {})
    revoke()
    const others = [undefined, null, 'x', {}, { body: 'x' }, revoked]
    for (const each of [response, new Response('x'), ...others])
      expect(app.integrations.of(each)).toBeUndefined()
    await response.text()
    const dispatcher = new Agent()
    const bare = await request(`${upstream.origin}/json`, { dispatcher })
    expect(app.integrations.of(bare)).toBeUndefined()
    await bare.body.text()
    await dispatcher.close()
    await app.close()
  })

  it('is available from request.integrations too', async () => {
    const { app, records } = await build()
    app.get('/pay', async (request) => {
      const response = await request.integrations.service('payments').fetch('/json')
      request.integrations.of(response)?.refer({ type: 'Order', id: '1' })
      return await response.text()
    })
    await app.inject('/pay')
    expect(only(await records())).toMatchObject({ reference: { id: '1' }, route: '/pay' })
    await app.close()
  })
})

describe("the caller's own key", () => {
  it.each(['at once', 'once it is written as Queued'])(
    'a callback that comes while the call is under way finds its record by it, %s',
    async (when) => {
      const { app, records } = await buildApp({
        log: {
          services: { payments: { origin: upstream.origin } },
          queuedAfterMs: when === 'at once' ? 60_000 : 10,
        },
      })
      const key = 'ws_CO_1'
      const response = await app.integrations.service('payments').fetch('/steps', { key })
      if (when !== 'at once') await expect.poll(async () => (await records()).length).toBe(1)
      const handle = await app.integrations.resume({ service: 'payments', key })
      handle?.complete({ paid: true })
      await readSteps(response)
      const record = only(await records())
      expect(record).toMatchObject({
        key,
        status: 'Completed',
        output: { paid: true },
        statusCode: 200,
      })
      expect(record.durationMs).toBeGreaterThan(0)
      expect(app.integrations.of(response)?.record).toEqual(record)
      await app.close()
    },
  )

  it.each([
    ['that another record has', 'order-1'],
    ['that redaction would change', `Bearer ${'a1'.repeat(20)}`],
    ['that is too long', 'k'.repeat(201)],
    ['that is no text', 7],
  ])('a call with a key %s is made all the same, and recorded without it', async (_, key) => {
    const { app, records } = await build()
    const payments = app.integrations.service('payments')
    await (await payments.fetch('/json', { key: 'order-1' })).text()
    expect((await payments.fetch('/json', { key: key as string })).status).toBe(200)
    expect((await records()).map((record) => record.key).sort()).toEqual([null, 'order-1'].sort())
    const { items } = await app.integrations.find({ service: 'payments', key: 'order-1' })
    expect(only(items).url).toBe(`${upstream.origin}/json`)
    expect(app.integrations.stats().keysRefused).toBe(1)
    await app.close()
  })
})
