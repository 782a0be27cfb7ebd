import { describe, expect, it, vi } from 'vitest'
import { ENGINES, placesOn } from './databases.js'
import {
  begin,
  completed,
  expectCompleted,
  foundIn,
  order,
  paymentIn,
  take,
} from './mobile-money-story.js'

/*
 * A payment as mobile money does it: the shop asks, and the provider answers with an id of its own. Later the provider calls back
 * another process, which knows only that id, finds the shop's record by it and completes it.
 */

vi.setConfig({ testTimeout: 120_000 })

const PATIENCE = { timeout: 60_000, interval: 50 }

describe.each(ENGINES)('on %s', (engine) => {
  const newPlace = placesOn(engine)

  it('a payment is completed by a callback in another process, and the shop reads it all back', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    const shop = await openShop()
    const key = await take(shop)
    expect(await paymentIn(shop, key)).toMatchObject({ key, status: 'Queued', output: null })
    await provider.deliver(key)
    // What a process has answered is not stored yet; its end is told by its own flush.
    await callbacks.ask('/flush')
    await expectCompleted(shop, key)
    await expectCompleted(callbacks, key)

    const requests = await foundIn(shop, '/orders/SO-0001/requests')
    expect(requests).toHaveLength(3)
    const [push, payment, callback] = requests
    expect(push).toMatchObject({ description: 'STK Push', status: 'Completed', statusCode: 200 })
    expect(payment).toMatchObject({ key, requestId: push?.requestId })
    expect(callback).toMatchObject({
      description: 'STK Callback',
      isRemoteRequest: false,
      status: 'Completed',
      data: { Body: { stkCallback: { CheckoutRequestID: key } } },
    })
  })

  it('a callback that comes before the shop has its answer is asked to retry, and then completes the payment', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    provider.hastes = 'once'
    const shop = await openShop()
    const key = await take(shop)
    expect(provider.answers).toEqual([503])
    await provider.deliver(key)
    await callbacks.ask('/flush')
    await expectCompleted(shop, key)
  })

  it('the shop reads its own record before it is stored; find stores it first, for others too', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    // A batch that leaves after an hour.
    const shop = await openShop({ store: { flushMs: 3_600_000, batchRecords: 5_000 } })
    const key = await take(shop)
    expect(await paymentIn(shop, key)).toMatchObject({ key, status: 'Queued' })
    expect(await provider.callBack(key)).toBe(503)
    expect(await foundIn(shop, `/found/${key}`)).toMatchObject([{ key, status: 'Queued' }])
    expect(await provider.callBack(key)).toBe(200)
    await callbacks.ask('/flush')
    await expectCompleted(shop, key)
  })

  it('nothing is lost when the shop changes the payment while the callback completes it', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    const shop = await openShop()
    const key = await take(shop)
    await shop.ask('/flush')
    const notes = Array.from({ length: 20 }, (_, index) => ({ [`note${index}`]: index }))
    const [statuses] = await Promise.all([
      Promise.all(
        notes.map(async (note) => (await shop.ask(`/payments/${key}/note`, note)).status),
      ),
      provider.deliver(key),
    ])
    expect(new Set(statuses)).toEqual(new Set([200]))
    await callbacks.ask('/flush')
    await shop.ask('/flush')
    const data = Object.assign({}, completed.data, ...notes)
    expect(await paymentIn(shop, key)).toMatchObject({ ...completed, key, data })
    expect(await paymentIn(callbacks, key)).toEqual(await paymentIn(shop, key))
  })

  it.each(['one after the other', 'at once'])(
    'the same callback twice, %s, changes nothing more',
    async (how) => {
      const { provider, callbacks, openShop } = await begin(newPlace())
      const shop = await openShop()
      const key = await take(shop)
      await shop.ask('/flush')
      const first = provider.callBack(key)
      if (how === 'one after the other') await first
      expect(await Promise.all([first, provider.callBack(key)])).toEqual([200, 200])
      await callbacks.ask('/flush')
      await expectCompleted(shop, key)
      const requests = await foundIn(shop, '/orders/SO-0001/requests')
      const own = requests.map(({ description }) => description)
      expect(own).toEqual(['STK Push', 'Payment', 'STK Callback', 'STK Callback'])
    },
  )

  it('the same callback in two processes at once, ten times over, changes nothing more', async () => {
    const { provider, callbacks, openShop, openCallbacks } = await begin(newPlace())
    const shop = await openShop()
    const other = await openCallbacks()
    const key = await take(shop)
    await shop.ask('/flush')
    const calls = Array.from({ length: 10 }, () => [
      provider.callBack(key),
      provider.callBack(key, other.url),
    ])
    expect(new Set(await Promise.all(calls.flat()))).toEqual(new Set([200]))
    await callbacks.ask('/flush')
    await other.process.ask('/flush')
    await expectCompleted(shop, key)
    await expectCompleted(other.process, key)
  })

  it('a callback completes a keyed call that is still under way, and the end of the call does not undo it', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    provider.hastes = 'until heard'
    const shop = await openShop()
    expect((await shop.ask('/keyed-orders', order)).status).toBe(202)
    expect(provider.answers.at(-1)).toBe(200)
    await callbacks.ask('/flush')
    await shop.ask('/flush')
    const key = 'payment of SO-0001'
    const payment = await paymentIn(shop, key)
    const { MerchantRequestID, amount, ...fromCallback } = completed.data
    expect(payment).toMatchObject({
      ...completed,
      key,
      statusCode: 200,
      durationMs: expect.any(Number),
      data: { ...fromCallback, Reference: key },
    })
    expect(await foundIn(shop, `/found/${encodeURIComponent(key)}`)).toEqual([payment])
    expect(await paymentIn(callbacks, key)).toEqual(payment)
  })

  it('with durability process a shop that is killed as log() returns loses nothing: the next start stores the record', async () => {
    const { provider, callbacks, openShop } = await begin(newPlace())
    const store = { durability: 'process' }
    const dying = await openShop({ store, diesAfterLog: true })
    await expect(dying.ask('/orders', order)).rejects.toThrow('fetch failed')
    expect(await dying.ended()).toBe('SIGKILL')
    const [key = ''] = provider.taken
    const shop = await openShop({ store })
    await provider.deliver(key)
    await callbacks.ask('/flush')
    await expectCompleted(shop, key)
  })

  it('with durability process a change is not lost when its process is killed right after it', async () => {
    const { provider, openShop, openCallbacks } = await begin(newPlace())
    const shop = await openShop()
    const key = await take(shop)
    await shop.ask('/flush')
    const store = { durability: 'process' }
    const dying = await openCallbacks({ store, diesAfterChange: true })
    await expect(provider.callBack(key, dying.url)).rejects.toThrow('fetch failed')
    expect(await dying.process.ended()).toBe('SIGKILL')
    // Nobody calls again: the next start alone brings it in.
    await openCallbacks({ store })
    await expect.poll(() => paymentIn(shop, key), PATIENCE).toMatchObject({ ...completed, key })
  })

  it('two shops that use one key both keep their records, and one of them has the key', async () => {
    const { openShop } = await begin(newPlace())
    const shops = [await openShop(), await openShop()]
    const given = { id: 'SO-0001', key: 'ws_CO_1' }
    const ids = await Promise.all(
      shops.map(async (shop) => ((await shop.ask('/records', given)).body as { id: string }).id),
    )
    for (const shop of shops) await shop.ask('/flush')
    for (const shop of shops) {
      const records = await foundIn(shop, '/orders/SO-0001/requests')
      expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(records.filter((record) => record.key === given.key)).toHaveLength(1)
      const [holder] = await foundIn(shop, `/found/${given.key}`)
      expect(await paymentIn(shop, given.key)).toEqual(holder)
    }
  })
})
