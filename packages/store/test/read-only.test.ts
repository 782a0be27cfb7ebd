import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { NOON, sample } from '../src/contract/index.js'
import type { StoreOptions } from '../src/index.js'
import { buildStore, newFolder } from './build-store.js'
import { GatedStore } from './gated-store.js'

const READ_ONLY = { code: 'SCS_STORE_ERR_READ_ONLY', statusCode: 409 }
const RULES = { growth: 2, quietMs: 60_000 }
const SIGHTING = {
  fingerprint: 'a',
  occurrences: 1,
  firstSeenAt: NOON,
  lastSeenAt: NOON,
  canReport: true,
}

/** A store that only reads what is in an adapter already. */
async function buildReader(options: Partial<StoreOptions> = {}) {
  const adapter = new GatedStore()
  const record = sample({ kind: 'reports', keys: { fingerprint: 'a', service: 'pay' } })
  await adapter.insert([record])
  await adapter.countGroups([SIGHTING], RULES)
  adapter.batches = 0
  const built = await buildStore({ adapter, readOnly: true, ...options })
  return { ...built, store: built.app.scsStore, adapter, record }
}

describe('a store with readOnly', () => {
  it('reads all that is there', async () => {
    const { store, record } = await buildReader()
    expect((await store.find('reports')).items.map(({ id }) => id)).toEqual([record.id])
    expect((await store.get('reports', record.id))?.id).toBe(record.id)
    const span = { from: NOON, to: NOON + 60_000 }
    expect(await store.buckets('reports', { ...span, bucketMs: 60_000 })).toHaveLength(1)
    expect((await store.tally('reports', { by: 'service', ...span })).total).toBe(1)
    expect((await store.groups()).items[0]?.sampleId).toBe(record.id)
    expect([await store.routeStats(span), await store.releases()]).toEqual([[], []])
    expect(await store.stats()).toMatchObject({ isReadOnly: true, isAvailable: true })
    expect(await store.flush()).toBe(true)
  })

  it('counts what is written as dropped, and logs it once', async () => {
    const { store, adapter, log } = await buildReader()
    for (let index = 0; index < 10; index++) store.write(sample())
    for (const wrong of [undefined, 7, { kind: 'x' }]) store.write(wrong as never)
    await store.flush()
    expect((await store.stats()).shed.integration_requests).toBe(10)
    expect(adapter.batches).toBe(0)
    expect(log.filter(({ msg }) => msg.includes('readOnly'))).toHaveLength(1)
  })

  it('refuses every change with a coded error', async () => {
    const { store } = await buildReader()
    const change = { expected: 0, by: null, at: NOON, status: 'muted' } as const
    await expect(store.changeGroup('a', change)).rejects.toMatchObject(READ_ONLY)
    await expect(store.countGroups([SIGHTING], RULES)).rejects.toMatchObject(READ_ONLY)
    await expect(store.noteRelease('1.0.0', NOON)).rejects.toMatchObject(READ_ONLY)
    await expect(store.prune({ olderThanDays: 0 })).rejects.toMatchObject(READ_ONLY)
    expect((await store.groups()).items[0]).toMatchObject({ status: 'open', occurrences: 1 })
  })

  it('removes nothing by itself, copies no audit events and makes no folder', async () => {
    const folder = newFolder()
    const outboxPath = join(folder, 'outbox')
    const { app, store, adapter, log } = await buildReader({ outboxPath, pruneEveryMs: 10 })
    const prune = vi.spyOn(adapter, 'prune')
    app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'seen' })
    app.scs.addAuditEvent('seen')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(prune).not.toHaveBeenCalled()
    expect((await store.stats()).shed.audit_events).toBe(0)
    await app.close()
    expect([existsSync(outboxPath), readdirSync(folder)]).toEqual([false, []])
    expect(log.filter(({ level }) => (level as number) >= 40)).toEqual([])
  })

  it('does not go together with a file for each record that is written', async () => {
    const attempt = buildStore({ url: 'memory:', readOnly: true, durability: 'process' })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_OPTIONS' })
    await expect(attempt).rejects.toThrow('durability')
  })

  it('tells its adapter, and how long a read may take', async () => {
    const adapter = new GatedStore()
    const open = vi.spyOn(adapter, 'open')
    await buildStore({ adapter, readOnly: true, queryTimeoutMs: 70 })
    expect(open.mock.calls[0]?.[0]).toMatchObject({ readOnly: true, queryTimeoutMs: 70 })
    const other = new GatedStore()
    const openOther = vi.spyOn(other, 'open')
    await buildStore({ adapter: other })
    expect(openOther.mock.calls[0]?.[0]).toMatchObject({ readOnly: false, queryTimeoutMs: 5_000 })
  })

  it('waits for its database where it may, and reads as soon as it is there', async () => {
    const adapter = new GatedStore()
    adapter.isOpenable = false
    const waiting = { startup: 'wait', retryMs: 5, maxRetryMs: 20 } as const
    const { app } = await buildStore({ adapter, readOnly: true, ...waiting })
    expect((await app.scsStore.stats()).isAvailable).toBe(false)
    adapter.isOpenable = true
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(true))
    expect((await app.scsStore.find('reports')).items).toEqual([])
  })
})
