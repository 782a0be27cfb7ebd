import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp, only, type TestApp } from '../build-app.js'
import { ENGINES, storesOn } from '../stores.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

describe.each(ENGINES)('calls in %s', (engine) => {
  const newStore = storesOn(engine)

  /** Processes that share a store; memory is not shared, so there is one of them. */
  async function processes(): Promise<[TestApp, TestApp]> {
    const store = newStore()
    const log = { services: { payments: { origin: upstream.origin, retry: true } } }
    const first = await buildApp({ log, store })
    return [first, engine === 'memory' ? first : await buildApp({ log, store })]
  }

  it('changes by a response’s handle and by another process both stay', async () => {
    const [one, other] = await processes()
    const response = await one.app.integrations
      .service('payments')
      .fetch('/declined', { key: 'order-1' })
    await response.text()
    await one.records()
    const found = await other.app.integrations.resume({ service: 'payments', key: 'order-1' })
    found?.refer({ type: 'Order', id: '1' })
    await other.records()
    one.app.integrations.of(response)?.fail('declined')
    expect(only(await one.records())).toMatchObject({
      status: 'Failed',
      error: 'declined',
      output: { reason: 'expired_card' },
      reference: { type: 'Order', id: '1' },
    })
    await one.app.close()
    await other.app.close()
  })

  it('a stored 401 is no failure any more once a second try answers it', async () => {
    const [{ app, records }, other] = await processes()
    const { fetch } = app.integrations.service('payments')
    await (await fetch('/guarded')).text()
    expect(only(await records()).status).toBe('Failed')
    await (await fetch('/guarded', { headers: { authorization: 'Bearer new' } })).text()
    await records()
    expect(await other.records()).toMatchObject([
      { status: 'Completed', statusCode: 401, output: { error: 'expired' }, error: null },
      { status: 'Completed', statusCode: 200 },
    ])
    const { items } = await other.app.integrations.find({ status: 'Failed' })
    expect(items).toEqual([])
    await app.close()
    await other.app.close()
  })

  it('what failed in one process is sent again by another, once', async () => {
    const [one, other] = await processes()
    const { fetch } = one.app.integrations.service('payments')
    const first = await fetch('/error', { method: 'POST', body: '{"a":[1,2.50],"b":"é"}' })
    await first.text()
    const { id } = only(await one.records())
    const again = await other.app.integrations.retryAll({ service: 'payments' })
    expect(again).toMatchObject({ retried: 1, failed: 1, skipped: [] })
    const attempt = (await other.records()).at(-1)
    expect(attempt).toMatchObject({ retryOf: id, data: { a: [1, 2.5], b: 'é' }, status: 'Failed' })
    const seen = await one.app.integrations.get(id)
    expect(seen?.resend?.retriedBy).toBe(attempt?.id)
    await one.app.close()
    await other.app.close()
  })
})
