import { describe, expect, it, vi } from 'vitest'
import { NOON, sample } from '../../src/contract/index.js'
import { RecordRefusedError } from '../../src/index.js'
import { buildStore } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const FAST = { retryMs: 5, maxRetryMs: 20 }

describe('a release that is noted', () => {
  it('is stored when the promise resolves', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    await Promise.all([
      app.scsStore.noteRelease('1.0.0', NOON),
      app.scsStore.noteRelease('1.1.0', NOON + 1),
      app.scsStore.noteRelease('1.0.0', NOON + 2),
    ])
    expect(await app.scsStore.releases()).toEqual([
      { release: '1.1.0', firstSeenAt: NOON + 1, lastSeenAt: NOON + 1 },
      { release: '1.0.0', firstSeenAt: NOON, lastSeenAt: NOON + 2 },
    ])
    expect((await app.scsStore.releases(1)).length).toBe(1)
  })

  it('is kept while the database is away, and stored with its first and last time once it is back', async () => {
    const adapter = new GatedStore()
    adapter.isOpenable = false
    const { app } = await buildStore({ adapter, startup: 'wait', ...FAST })
    await app.scsStore.noteRelease('1.0.0', NOON)
    await app.scsStore.noteRelease('1.0.0', NOON + 9)
    expect(adapter.notes).toBe(0)
    adapter.isOpenable = true
    const expected = [{ release: '1.0.0', firstSeenAt: NOON, lastSeenAt: NOON + 9 }]
    await vi.waitFor(async () => expect(await app.scsStore.releases()).toEqual(expected))
  })

  it('is tried again when the database goes away just then, which is counted and logged and not thrown', async () => {
    const adapter = new GatedStore()
    const { app, log } = await buildStore({ adapter, ...FAST })
    adapter.isAvailable = false
    await app.scsStore.noteRelease('1.0.0', NOON)
    await vi.waitFor(() => expect(adapter.notes).toBeGreaterThan(3))
    expect((await app.scsStore.stats()).releaseFailures).toBeGreaterThan(2)
    const lines = log.filter(({ msg }) => msg.includes('release'))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThan(3)
    adapter.isAvailable = true
    await vi.waitFor(async () => expect(await app.scsStore.releases()).toHaveLength(1))
    // Whatever happens later, it is not noted again by itself.
    const { notes } = adapter
    app.scsStore.write(sample())
    await app.scsStore.flush()
    expect(adapter.notes).toBe(notes)
  })

  it('is given up when the database refuses it', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...FAST })
    adapter.noteRelease = () => Promise.reject(new RecordRefusedError('gated', 'too odd'))
    await app.scsStore.noteRelease('1.0.0', NOON)
    expect((await app.scsStore.stats()).releaseFailures).toBe(1)
  })

  it('is no longer tried once the store has closed', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...FAST })
    adapter.isAvailable = false
    await app.scsStore.noteRelease('1.0.0', NOON)
    await app.close()
    const { notes } = adapter
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(adapter.notes).toBe(notes)
  })

  it('is refused when it is wrong, even while the database is away', async () => {
    const adapter = new GatedStore()
    adapter.isOpenable = false
    const { app } = await buildStore({ adapter, startup: 'wait' })
    for (const [release, at] of [
      ['', NOON],
      [7, NOON],
      ['1.0.0', -1],
      ['1.0.0', Number.NaN],
    ] as const) {
      const call = app.scsStore.noteRelease(release as string, at)
      await expect(call).rejects.toMatchObject({ code: 'SCS_STORE_ERR_FILTER' })
    }
  })
})
