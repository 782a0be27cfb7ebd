import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import store, { type AdapterTraits, PLAIN_TRAITS, type StoreRecord } from '../../src/index.js'
import { buildStore, endProcess, type Line } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

/** An app whose hook, added before the store, does something when the app closes: it runs after the store's. */
async function buildWithEarlyHook(
  onClose: (app: FastifyInstance) => void,
): Promise<{ app: FastifyInstance; log: Line[] }> {
  const log: Line[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'info', stream } })
  await app.register(scsPlugin, { source: 'test', audit: false })
  app.scs.registerAuditEvent({ type: 'drained', level: 'info', messageTemplate: 'job {n}' })
  app.addHook('onClose', async () => onClose(app))
  await app.register(store, { url: 'memory:' })
  return { app, log }
}

describe('while the app closes', () => {
  it('what is written, and what the audit log gets, is stored', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, flushMs: 60_000 })
    app.scs.registerAuditEvent({ type: 'late', level: 'info', messageTemplate: 'late' })
    adapter.isStalled = true
    app.scsStore.write(sample())
    const closing = app.close()
    await vi.waitFor(() => expect(adapter.batches).toBe(1))
    const records = samples(50, () => ({}))
    for (const record of records) app.scsStore.write(record)
    for (let n = 0; n < 50; n++) app.scs.addAuditEvent('late')
    adapter.release()
    await closing
    expect(adapter.stored).toHaveLength(101)
    expect(adapter.stored.slice(1, 51)).toEqual(records.map(({ id }) => id))
    expect((await app.scsStore.stats()).shed).toMatchObject({ audit_events: 0 })
  })

  it('whoever goes on writing does not delay it', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, closeTimeoutMs: 60_000 })
    const writing = setInterval(() => app.scsStore.write(sample()), 1)
    app.scsStore.write(sample())
    await app.close()
    clearInterval(writing)
    expect(adapter.stored.length).toBeGreaterThanOrEqual(1)
  })

  it('the database gets what is left of the time, a fifth at least', async () => {
    const adapter = new GatedStore()
    const close = vi.spyOn(adapter, 'close')
    const { app } = await buildStore({ adapter, closeTimeoutMs: 1_000 })
    adapter.isStalled = true
    app.scsStore.write(sample())
    await app.close()
    const [withinMs] = (close.mock.lastCall ?? []) as readonly unknown[]
    expect(withinMs).toBeGreaterThanOrEqual(200)
    expect(withinMs).toBeLessThan(400)
    adapter.release()
  })

  it('a batch that the last flush stores, and the database afterwards as well, is counted once', async () => {
    class SyncStore extends GatedStore {
      override readonly traits: AdapterTraits = { ...PLAIN_TRAITS, insertsSync: true }
      readonly last: StoreRecord[] = []
      override insertSync(batches: readonly (readonly StoreRecord[])[]): boolean {
        this.last.push(...batches.flat())
        return true
      }
    }
    const adapter = new SyncStore()
    const { app } = await buildStore({ adapter, flushMs: 1 })
    adapter.isStalled = true
    const records = samples(3, () => ({}))
    for (const record of records) app.scsStore.write(record)
    await vi.waitFor(() => expect(adapter.batches).toBe(1))
    endProcess()
    expect(adapter.last).toEqual(records)
    adapter.release()
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(3))
    const { written, queue } = await app.scsStore.stats()
    expect([written, queue.records, queue.bytes]).toEqual([3, 0, 0])
  })
})

describe('after the store has closed', () => {
  it('what an earlier hook writes is counted where there is no outbox, and logged once, with the reason', async () => {
    const { app, log } = await buildWithEarlyHook(({ scs, scsStore }) => {
      for (let n = 0; n < 50; n++) {
        scsStore.write(sample())
        scs.addAuditEvent('drained', { n })
      }
    })
    await app.close()
    const { shed, afterClose } = await app.scsStore.stats()
    expect(afterClose.lost).toEqual({
      integration_requests: 50,
      audit_events: 50,
      reports: 0,
      route_stats: 0,
    })
    expect(afterClose.kept).toEqual({
      integration_requests: 0,
      audit_events: 0,
      reports: 0,
      route_stats: 0,
    })
    expect(shed).toEqual(afterClose.lost)
    const messages = () => log.map(({ msg }) => msg).filter((msg) => msg.includes('store'))
    expect(messages()).toEqual([expect.stringContaining('after the store had closed')])
    // And how many there were, when that is known.
    endProcess()
    expect(messages()).toHaveLength(2)
    expect(messages().join()).not.toContain('keep up')
    expect(log.at(-1)?.lost).toEqual(afterClose.lost)
    expect(process.listeners('exit')).toEqual([])
  })

  it('what is no record is logged as such', async () => {
    const { app, log } = await buildStore({ url: 'memory:' })
    app.scsStore.write(undefined as never)
    expect(log.at(-1)?.msg).toContain('no record')
  })
})
