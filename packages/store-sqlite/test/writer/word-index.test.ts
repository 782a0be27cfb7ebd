import type { StoreRecord } from '@fastify-scs/store'
import { CheckedAdapter, NOON, sample, samples } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { makeOldFile } from '../old-file.js'
import { connect, newPath, upTo } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const LONG = { timeout: 30_000 }

async function open(
  path: string,
  searchBodies: boolean,
  maxBytes: number | false = false,
): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }), { searchBodies, maxBytes })
  await store.open()
  onTestFinished(() => store.close())
  return store
}

async function idsWith(store: CheckedAdapter, text: string): Promise<string[]> {
  const { items } = await store.find('integration_requests', { text, from: NOON, limit: 500 })
  return items.map(({ id }) => id).sort()
}

function said(words: string, given: Partial<StoreRecord> = {}): StoreRecord {
  return sample({ data: { output: words }, ...given })
}

/** Rows of the index that are no row's, and rows whose words it does not have. */
function differences(path: string): unknown {
  return connect(path)
    .prepare(`SELECT
      (SELECT count(*) FROM integration_requests_words_docsize
        WHERE id NOT IN (SELECT rowid FROM integration_requests)) AS left,
      (SELECT count(*) FROM integration_requests
        WHERE rowid NOT IN (SELECT id FROM integration_requests_words_docsize)) AS missing`)
    .get()
}

describe('the words of bodies', () => {
  it('are not stored without searchBodies', async () => {
    const path = newPath()
    const store = await open(path, false)
    await store.insert([said('needle')])
    expect(await idsWith(store, 'needle')).toEqual([])
    const tables = connect(path).prepare(
      `SELECT count(*) AS n FROM sqlite_master WHERE name LIKE '%words%'`,
    )
    expect(tables.get()).toEqual({ n: 0 })
  })

  it('are added for existing records after the start, newest first', async () => {
    const path = newPath()
    const old = makeOldFile(path, [{ output: 'needle one' }, { output: 'two' }], NOON)
    const before = await open(path, false)
    const records = samples(300, (index) => ({ data: { output: `needle number ${index}` } }))
    await before.insert(records)
    await before.close()
    const store = await open(path, true)
    const expected = [old[0]?.id, ...records.map(({ id }) => id)].sort()
    await vi.waitFor(async () => expect(await idsWith(store, 'NEEDLE')).toEqual(expected), LONG)
    expect(await idsWith(store, 'number 299')).toEqual([records[299]?.id])
    expect(differences(path)).toEqual({ left: 0, missing: 0 })
  })

  it('stay correct when a store without searchBodies writes to the same file', async () => {
    const path = newPath()
    const store = await open(path, true)
    const records = samples(4, (index) => ({ data: { output: `needle ${index}` } }))
    await store.insert(records)
    await store.close()
    const other = await open(path, false)
    const changed = { ...said('thread'), id: records[0]?.id ?? '', revision: 1 }
    const set = { ...said('thread'), id: records[1]?.id ?? '', revision: 1 }
    await other.insert([changed])
    expect(await other.compareAndSet([{ record: set, expected: 0 }])).toEqual([])
    // The newest rows go and others get their numbers.
    connect(path).exec('DELETE FROM integration_requests WHERE rowid >= 3')
    const fresh = [said('thread'), said('thread')]
    await other.insert(fresh)
    await other.close()
    const again = await open(path, true)
    const expected = [changed, set, ...fresh].map(({ id }) => id).sort()
    await vi.waitFor(async () => expect(await idsWith(again, 'thread')).toEqual(expected), LONG)
    expect(await idsWith(again, 'needle')).toEqual([])
    expect(differences(path)).toEqual({ left: 0, missing: 0 })
  })

  it('are rewritten once half of the neighbouring records are gone, not from a tenth on', async () => {
    const path = newPath()
    await open(path, true)
    const option = connect(path).prepare(
      `SELECT v FROM integration_requests_words_config WHERE k = 'deletemerge'`,
    )
    expect(option.get()).toEqual({ v: 50 })
  })

  it('are removed with their records, and reused row numbers find the new ones', async () => {
    const path = newPath()
    const store = await open(path, true)
    await store.insert(samples(600, () => ({ data: { output: 'needle' } })))
    expect(await store.prune({ olderThan: NOON + 600_000 })).toBe(600)
    expect(differences(path)).toEqual({ left: 0, missing: 0 })
    const fresh = samples(50, () => ({ data: { output: 'thread' } }))
    await store.insert(fresh)
    expect(await idsWith(store, 'needle')).toEqual([])
    expect(await idsWith(store, 'thread')).toHaveLength(50)
  })

  it('count towards maxBytes, which holds while records are written', async () => {
    const path = newPath()
    const maxBytes = 3_000_000
    const store = await open(path, true, maxBytes)
    for (const round of upTo(30)) {
      const records = samples(200, (index) => ({
        createdAt: NOON + round * 1_000_000 + index,
        data: {
          output: upTo(100).map((word) => `w${(round * 200 + index) * 7 + word}`),
          round: `round${round}`,
        },
      }))
      await store.insert(records)
      const { bytes } = await store.size()
      // A transaction adds before it removes.
      expect(bytes).toBeLessThan(maxBytes * 1.25)
    }
    expect(differences(path)).toEqual({ left: 0, missing: 0 })
    const { records } = await store.size()
    expect(records.integration_requests).toBeGreaterThan(400)
    expect(await idsWith(store, `w${(29 * 200 + 199) * 7 + 99}`)).toHaveLength(1)
  })

  it('survive VACUUM, which may renumber rows', async () => {
    const path = newPath()
    const store = await open(path, true)
    const records = samples(300, (index) => ({ data: { output: `needle ${index}` } }))
    await store.insert(records)
    await store.prune({ olderThan: NOON + 100_000 })
    await store.close()
    connect(path).exec('VACUUM')
    const again = await open(path, true)
    expect(await idsWith(again, 'needle 250')).toEqual([records[250]?.id])
    expect(await idsWith(again, 'needle 50')).toEqual([])
  })

  it('are split where they were joined, whatever letters they contain', async () => {
    const store = await open(newPath(), true)
    const texts = [
      'ÉCOLE straße',
      '東京 タワー',
      'ｆｕｌｌ',
      'Ⅷ',
      '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
      'ǅ',
      'a\u0301b',
      'x'.repeat(90),
    ]
    const records = texts.map((text) => said(text))
    await store.insert(records)
    for (const [index, text] of texts.entries()) {
      for (const asked of [text, text.toLowerCase()])
        expect(await idsWith(store, asked), asked).toContain(records[index]?.id)
    }
  })

  it('are searched only within the time range of the filter', async () => {
    const store = await open(newPath(), true)
    const records = samples(20, () => ({ data: { output: 'needle' } }))
    // The order of arrival is not that of time.
    await store.insert([...records].reverse())
    const filter = { text: 'needle', from: NOON + 5_000, to: NOON + 8_000 }
    const { items } = await store.find('integration_requests', filter)
    expect(items.map(({ createdAt }) => createdAt - NOON)).toEqual([7_000, 6_000, 5_000])
    expect((await store.find('reports', filter)).items).toEqual([])
  })
})
