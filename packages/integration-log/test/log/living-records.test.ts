import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildApp, only, type TestApp } from '../build-app.js'
import { ENGINES, storesOn } from '../stores.js'

// A PostgreSQL of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 })

describe.each(ENGINES)('on %s', (engine) => {
  const newStore = storesOn(engine)
  const isShared = engine !== 'memory'
  const apps: TestApp[] = []
  let store: string

  async function open(log = {}): Promise<TestApp> {
    const test = await buildApp({ store, log })
    apps.push(test)
    return test
  }

  beforeEach(() => {
    store = newStore()
  })
  afterEach(async () => {
    await Promise.all(apps.splice(0).map(({ app }) => app.close()))
  })

  it('two handles that were resumed at once both keep their change, and the last status wins', async () => {
    const { app, records } = await open()
    const { id } = app.integrations.log({ service: 'paypal', data: { amount: 5 } })
    const [back, hook] = await Promise.all([
      app.integrations.resume(id),
      app.integrations.resume(id),
    ])
    back?.update({ payer: 'ann' }, 'Authorized')
    hook?.complete({ capture: 'c-1' })
    const expected = {
      id,
      status: 'Completed',
      data: { amount: 5, payer: 'ann' },
      output: { capture: 'c-1' },
    }
    expect(only(await records())).toMatchObject(expected)
    expect(back?.record).toMatchObject(expected)
  })

  it('the handle of log() completes a record that a resumed handle has changed twice', async () => {
    const { app, records } = await open()
    const first = app.integrations.log({ service: 'paypal' })
    await records()
    const resumed = await app.integrations.resume(first.id)
    resumed?.authorize()
    resumed?.update({ step: 2 })
    await records()
    first.complete({ ok: true })
    expect(only(await records())).toMatchObject({
      status: 'Completed',
      data: { step: 2 },
      output: { ok: true },
    })
  })

  it('changes of different fields both stay, and of one field the last one', async () => {
    const { app, records } = await open()
    const first = app.integrations.log({ service: 'a', data: { a: 0, b: 0 } })
    const second = await app.integrations.resume(first.id)
    for (let n = 1; n <= 20; n++) {
      first.update({ a: n })
      second?.update({ b: n, [`k${n}`]: n })
    }
    second?.fail('no')
    first.authorize()
    const { data, status, error } = only(await records())
    expect(data).toMatchObject({ a: 20, b: 20, k1: 1, k20: 20 })
    expect([status, error]).toEqual(['Authorized', 'no'])
  })

  it('a webhook that is under way and is cancelled by another handle stays cancelled', async () => {
    const { app, records } = await open({ queuedAfterMs: 10 })
    let answer: (text: string) => void = () => undefined
    const answered = new Promise<string>((resolve) => {
      answer = resolve
    })
    app.post('/hook', { integration: { service: 'a' } }, () => answered)
    const injected = app.inject({ method: 'POST', url: '/hook', payload: { n: 1 } })
    let found = await records()
    while (found.length === 0) found = await records()
    const handle = await app.integrations.resume(only(found).id)
    handle?.cancel()
    answer('ok')
    await injected
    expect(only(await records())).toMatchObject({
      status: 'Cancelled',
      statusCode: 200,
      data: { n: 1 },
      output: 'ok',
    })
    expect(handle?.record).toMatchObject({ status: 'Cancelled', output: 'ok' })
  })

  it('the end of a call that was already recorded keeps what the application has set', async () => {
    const upstream = createServer()
    const arrived = once(upstream, 'request')
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    const { app, records } = await open({ services: { s: { origin } }, queuedAfterMs: 10 })
    const called = app.integrations.service('s').fetch('/pay')
    let found = await records()
    while (found.length === 0) found = await records()
    const handle = await app.integrations.resume(only(found).id)
    handle?.update({ order: 7 }, 'Cancelled')
    const [, response] = (await arrived) as [IncomingMessage, ServerResponse]
    response.setHeader('content-type', 'application/json').end('{"id":7}')
    await (await called).text()
    expect(only(await records())).toMatchObject({
      status: 'Cancelled',
      statusCode: 200,
      data: { order: 7 },
      output: { id: 7 },
      durationMs: expect.any(Number),
    })
    handle?.complete({ own: 1 })
    expect(only(await records())).toMatchObject({ status: 'Completed', output: { own: 1 } })
    upstream.closeAllConnections()
    upstream.close()
  })

  it('a record can be read as soon as it is written, by id, by key and by a filter', async () => {
    const { app } = await open()
    const { integrations } = app
    const { id } = integrations.log({ service: 'mpesa', key: 'ws_CO_1', data: { n: 1 } })
    expect(await integrations.get(id)).toMatchObject({ id, status: 'Queued' })
    expect(await integrations.get({ service: 'mpesa', key: 'ws_CO_1' })).toMatchObject({ id })
    expect(only((await integrations.find({ key: 'ws_CO_1' })).items)).toMatchObject({ id })
    const handle = await integrations.resume({ service: 'mpesa', key: 'ws_CO_1' })
    handle?.complete('paid')
    expect(await integrations.get(id)).toMatchObject({ status: 'Completed', output: 'paid' })
    const { items, waiting } = await integrations.find({ service: 'mpesa', status: 'Completed' })
    expect([only(items).id, waiting]).toEqual([id, undefined])
    expect(await integrations.get({ service: 'mpesa', key: 'none' })).toBeUndefined()
    expect(await integrations.get({ service: 'other', key: 'ws_CO_1' })).toBeUndefined()
  })

  it("a service's call and a response's body can be read at once, too", async () => {
    const upstream = createServer((_request, response) => response.end('pong'))
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    const { app } = await open({ services: { s: { origin } } })
    await app.ready()
    const { integrations } = app
    await (await integrations.service('s').fetch('/ping')).text()
    // The end of the answer is told in the next turn of the loop.
    await new Promise((resolve) => setImmediate(resolve))
    expect(only((await integrations.find({ service: 's' })).items)).toMatchObject({
      output: 'pong',
    })
    const handle = integrations.logResponse(await fetch(origin), { service: 'r', key: 'k' })
    expect(await integrations.get(handle.id)).toMatchObject({ output: 'pong' })
    expect(await integrations.get({ service: 'r', key: 'k' })).toMatchObject({ output: 'pong' })
    upstream.closeAllConnections()
    upstream.close()
  })

  it('a taken key is refused at once where the process knows of it, else the store finds it taken', async () => {
    const { app, records } = await open()
    const first = app.integrations.log({ service: 'mpesa', key: 'k-1' })
    expect(() => app.integrations.log({ service: 'mpesa', key: 'k-1' })).toThrow(
      expect.objectContaining({
        code: 'SCS_INTEGRATION_ERR_KEY_TAKEN',
        message: expect.stringContaining(first.id),
      }),
    )
    expect(app.integrations.log({ service: 'other', key: 'k-1' }).record.key).toBe('k-1')
    expect((await records()).map(({ service, key }) => [service, key])).toEqual([
      ['mpesa', 'k-1'],
      ['other', 'k-1'],
    ])
    await app.integrations.prune({ olderThanDays: 0 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await app.integrations.prune({ olderThanDays: 0 })
    expect(app.integrations.log({ service: 'mpesa', key: 'k-1' }).record.key).toBe('k-1')
    expect(only(await records())).toMatchObject({ service: 'mpesa', key: 'k-1' })
  })

  it.runIf(isShared)('two processes that change one record both keep their changes', async () => {
    const [one, other] = [await open(), await open()]
    const { id } = one.app.integrations.log({ service: 'paypal', key: 'ORDER-1', data: { n: 0 } })
    await one.records()
    const which = { service: 'paypal', key: 'ORDER-1' }
    const [here, there] = [
      await one.app.integrations.resume(id),
      await other.app.integrations.resume(which),
    ]
    expect(there?.id).toBe(id)
    for (let n = 1; n <= 10; n++) {
      here?.update({ [`here${n}`]: n, n })
      there?.update({ [`there${n}`]: n, n: -n })
    }
    here?.refer({ type: 'Order', id: '1' })
    there?.complete({ paid: true })
    await Promise.all([one.app.scsStore.flush(), other.app.scsStore.flush()])
    const record = only(await one.records())
    expect(record).toMatchObject({
      status: 'Completed',
      output: { paid: true },
      reference: { type: 'Order', id: '1' },
      data: { here1: 1, here10: 10, there1: 1, there10: 10, n: -10 },
    })
    expect(only(await other.records())).toEqual(record)
    const again = await one.app.integrations.resume(id)
    expect(again?.record).toEqual(record)
    expect(here?.record).toEqual(record)
  })

  it.runIf(isShared)(
    'a webhook that is under way here and is cancelled in another process stays cancelled',
    async () => {
      const [one, other] = [await open({ queuedAfterMs: 10 }), await open()]
      let answer: (text: string) => void = () => undefined
      const answered = new Promise<string>((resolve) => {
        answer = resolve
      })
      one.app.post('/hook', { integration: { service: 'a' } }, () => answered)
      const injected = one.app.inject({ method: 'POST', url: '/hook', payload: { n: 1 } })
      let found = await one.records()
      while (found.length === 0) found = await one.records()
      const { id } = only(found)
      const handle = await other.app.integrations.resume(id)
      handle?.update({ order: 7 }, 'Cancelled')
      await other.records()
      answer('ok')
      await injected
      const expected = {
        status: 'Cancelled',
        statusCode: 200,
        data: { n: 1, order: 7 },
        output: 'ok',
      }
      expect(only(await one.records())).toMatchObject(expected)
      expect(await other.app.integrations.get(id)).toMatchObject(expected)
    },
  )

  it.runIf(isShared)(
    'what is changed after a record was read is later, though the clock of that process is behind',
    async () => {
      const [ahead, behind] = [await open(), await open()]
      const { id } = ahead.app.integrations.log({ service: 'a' })
      await ahead.records()
      const first = await ahead.app.integrations.resume(id)
      const hour = 3_600_000
      const now = Date.now()
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + hour)
      first?.fail('no')
      clock.mockRestore()
      await ahead.records()
      const second = await behind.app.integrations.resume(id)
      second?.complete('yes')
      await behind.records()
      expect(await ahead.app.integrations.get(id)).toMatchObject({
        status: 'Completed',
        output: 'yes',
        error: 'no',
      })
    },
  )

  it.runIf(isShared)(
    'a key that another process has given is not given again, and nothing is lost',
    async () => {
      const [one, other] = [await open(), await open()]
      const first = one.app.integrations.log({ service: 'mpesa', key: 'k-1', data: 1 })
      await one.records()
      const second = other.app.integrations.log({ service: 'mpesa', key: 'k-1', data: 2 })
      await other.records()
      expect(await other.app.integrations.get({ service: 'mpesa', key: 'k-1' })).toMatchObject({
        id: first.id,
        data: 1,
      })
      expect(await other.app.integrations.get(second.id)).toMatchObject({ data: 2, key: null })
    },
  )
})
