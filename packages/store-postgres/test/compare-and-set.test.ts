import type { ExpectedVersion, StoreRecord } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample, samples } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { DAY_MS } from '../src/schema/day.js'
import { PostgresDatabase } from './postgres-server.js'

/** Midnight, UTC. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS

/** Who waits for a lock in this database. */
const WAITING = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE NOT granted AND datname = current_database()`

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

/** Instances over one schema, which are closed afterwards. */
async function withInstances(
  count: number,
  use: (stores: readonly CheckedAdapter[], schema: string) => Promise<void>,
): Promise<void> {
  const schema = `compared_${++made}`
  const stores = Array.from(
    { length: count },
    () => new CheckedAdapter(new PostgresStore(server.url({ schema }))),
  )
  try {
    for (const store of stores) await store.open()
    await use(stores, schema)
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

async function withTwo(
  use: (one: CheckedAdapter, other: CheckedAdapter, schema: string) => Promise<void>,
): Promise<void> {
  await withInstances(2, ([one, other], schema) =>
    use(one as CheckedAdapter, other as CheckedAdapter, schema),
  )
}

function keyed(key: string, given: Partial<StoreRecord> = {}): StoreRecord {
  return sample({ createdAt: TODAY, keys: { service: 'mpesa', key }, ...given })
}

function fresh(...records: readonly StoreRecord[]): readonly ExpectedVersion[] {
  return records.map((record) => ({ record, expected: undefined }))
}

function replacing(record: StoreRecord, given: Partial<StoreRecord> = {}): ExpectedVersion {
  const { revision } = record
  return { record: { ...record, revision: revision + 1, ...given }, expected: revision }
}

describe('versions that name what they replace', () => {
  it('are compared and stored in one call, whatever their kind and day', async () => {
    await withTwo(async (one) => {
      const there = sample({ createdAt: TODAY })
      const changed = sample({ createdAt: TODAY - DAY_MS, revision: 4, stamps: { 'data.a': 7 } })
      const report = sample({ kind: 'reports', createdAt: TODAY - 3 * DAY_MS })
      const held = keyed('taken')
      await one.compareAndSet(fresh(there, changed, report, held))
      const next = replacing(there, { data: { at: 1 }, stamps: { 'data.at': 12 } })
      const stale = { record: { ...changed, revision: 2 }, expected: 1 }
      const absent = { record: sample({ createdAt: TODAY, revision: 1 }), expected: 0 }
      const late = keyed('taken')
      const unkept = await one.compareAndSet([
        stale,
        absent,
        next,
        ...fresh(late, report),
        replacing(report, { id: sample().id, revision: 1 }),
      ])
      const { importance: _, ...found } = changed
      expect(unkept).toHaveLength(5)
      expect(unkept).toContainEqual({ reason: 'revision', id: changed.id, found })
      expect(unkept).toContainEqual({ reason: 'gone', id: absent.record.id })
      expect(unkept).toContainEqual({ reason: 'key', id: late.id, holderId: held.id })
      expect(unkept).toContainEqual({
        reason: 'revision',
        id: report.id,
        found: expect.objectContaining({ revision: 0 }),
      })
      expect(await one.get(there.kind, there.id)).toMatchObject({
        revision: 1,
        data: { at: 1 },
        stamps: { 'data.at': 12 },
      })
      expect((await one.size()).records).toMatchObject({ integration_requests: 3, reports: 1 })
    })
  })

  it('are stored all or none when one of them is refused', async () => {
    await withTwo(async (one) => {
      const good = keyed('a')
      const bad = { ...sample(), id: 'no id' }
      await expect(one.compareAndSet(fresh(good, bad))).rejects.toMatchObject({
        code: 'SCS_STORE_ERR_RECORD_REFUSED',
      })
      expect(await one.compareAndSet(fresh(good))).toEqual([])
    })
  })

  it('may be an empty list', async () => {
    await withTwo(async (one) => expect(await one.compareAndSet([])).toEqual([]))
  })

  it('keep the stamps of a record that a plain batch inserts again', async () => {
    await withTwo(async (one) => {
      const record = sample({ createdAt: TODAY, revision: 1, stamps: { 'data.a': 3 } })
      await one.compareAndSet(fresh(record))
      const { stamps: _, ...plain } = record
      await one.insert([plain])
      expect(await one.get(record.kind, record.id)).toMatchObject({ stamps: { 'data.a': 3 } })
    })
  })
})

describe('two instances at once', () => {
  it('insert the same new record: exactly one succeeds, every time', async () => {
    await withTwo(async (one, other) => {
      for (let round = 0; round < 20; round++) {
        const record = sample({ createdAt: TODAY })
        const versions = [1, 2].map((by) => fresh({ ...record, data: { by } }))
        const [of1, of2] = await Promise.all([
          one.compareAndSet(versions[0] ?? []),
          other.compareAndSet(versions[1] ?? []),
        ])
        const lost = [...(of1 ?? []), ...(of2 ?? [])]
        const winner = of1?.length === 0 ? 1 : 2
        expect(lost).toMatchObject([
          { reason: 'revision', id: record.id, found: { data: { by: winner } } },
        ])
      }
    })
  })

  it('take the same key: exactly one gets it, every time', async () => {
    await withTwo(async (one, other) => {
      for (let round = 0; round < 20; round++) {
        const [mine, theirs] = [keyed(`key ${round}`), keyed(`key ${round}`)]
        const lost = await Promise.all([
          one.compareAndSet(fresh(mine)),
          other.compareAndSet(fresh(theirs)),
        ])
        const [winner, loser] = lost[0]?.length === 0 ? [mine, theirs] : [theirs, mine]
        expect(lost.flat()).toEqual([{ reason: 'key', id: loser.id, holderId: winner.id }])
        expect(await one.get(loser.kind, loser.id)).toBeUndefined()
      }
    })
  })

  it('replace the same version: exactly one succeeds, every time', async () => {
    await withTwo(async (one, other) => {
      let record = sample({ createdAt: TODAY })
      await one.insert([record])
      for (let round = 0; round < 20; round++) {
        const lost = await Promise.all(
          [one, other].map((store) => store.compareAndSet([replacing(record)])),
        )
        expect(lost.flat()).toMatchObject([
          { reason: 'revision', id: record.id, found: { revision: record.revision + 1 } },
        ])
        record = { ...record, revision: record.revision + 1 }
      }
    })
  })

  it('write the same records and keys in opposite orders, by insert too, without a deadlock', async () => {
    await withInstances(3, async ([one, other, plain]) => {
      const batch = samples(100, (index) => ({
        createdAt: TODAY,
        keys: { service: 'mpesa', key: `key ${index}` },
      }))
      for (let revision = 0; revision < 5; revision++) {
        const versions = batch.map((record) => ({
          record: { ...record, revision: revision * 2 + 1 },
          expected: revision === 0 ? undefined : revision * 2 - 1,
        }))
        const bare = batch.map((record) => ({ ...record, revision: 0, keys: {} }))
        const lost = await Promise.all([
          one?.compareAndSet(versions),
          other?.compareAndSet(versions.toReversed()),
          plain?.insert(revision === 0 ? [] : bare),
        ])
        expect(lost.slice(0, 2).flat()).toHaveLength(batch.length)
      }
      expect((await one?.size())?.records.integration_requests).toBe(batch.length)
    })
  })

  it('take the same keys for other records in opposite orders without a deadlock', async () => {
    await withTwo(async (one, other, schema) => {
      const holder = keyed('key 50')
      await one.compareAndSet(fresh(holder))
      const records = Array.from({ length: 100 }, (_, index) => keyed(`key ${index}`))
      const others = records.toReversed().map(({ keys }) => sample({ createdAt: TODAY, keys }))
      const client = new pg.Client({ connectionString: server.url() })
      await client.connect()
      try {
        // Each comes to the middle with its half of the keys.
        await client.query(`BEGIN; SELECT FROM ${schema}.record_keys FOR UPDATE`)
        const calls = Promise.all([
          one.compareAndSet(fresh(...records)),
          other.compareAndSet(fresh(...others)),
        ])
        const waiting = async () => (await client.query(WAITING)).rowCount
        await expect.poll(waiting, { timeout: 5_000 }).toBe(2)
        await client.query('COMMIT')
        const [of1, of2] = await calls
        expect([of1?.length, of2?.length].sort()).toEqual([1, 100])
      } finally {
        await client.end()
      }
    })
  })

  it("make a day's partition, or make it again after a third instance dropped it", async () => {
    await withInstances(3, async ([one, other, third]) => {
      const createdAt = TODAY - 20 * DAY_MS
      for (let round = 0; round < 2; round++) {
        const records = [sample({ createdAt }), sample({ createdAt })]
        const lost = await Promise.all([
          one?.compareAndSet(fresh(...records)),
          other?.compareAndSet(fresh(sample({ createdAt }))),
        ])
        expect(lost.flat()).toEqual([])
        expect(await third?.prune({ olderThan: TODAY })).toBe(3)
      }
    })
  })
})

describe('a key', () => {
  it('is unique for its kind and service, or for its kind without a service', async () => {
    await withTwo(async (one) => {
      const records = [
        keyed('1'),
        keyed('1', { kind: 'reports' }),
        keyed('1', { keys: { service: 'paypal', key: '1' } }),
        keyed('1', { keys: { key: '1' } }),
        keyed('1', { keys: { service: '', key: '1' } }),
      ]
      expect(await one.compareAndSet(fresh(...records))).toEqual([])
      expect(await one.compareAndSet(fresh(keyed('1', { keys: { key: '1' } })))).toMatchObject([
        { reason: 'key', holderId: records[3]?.id },
      ])
      const found = await one.find('integration_requests', { service: 'mpesa', key: '1' })
      expect(found.items.map(({ id }) => id)).toEqual([records[0]?.id])
      expect((await one.find('integration_requests', { key: '1' })).items).toHaveLength(4)
    })
  })

  it('goes to the first of two records in one call', async () => {
    await withTwo(async (one) => {
      const [first, second] = [keyed('b'), keyed('b')]
      expect(await one.compareAndSet(fresh(second, first))).toEqual([
        { reason: 'key', id: first.id, holderId: second.id },
      ])
      // The one that would have come first is not kept, so the other one has it.
      const gone = { record: keyed('c'), expected: 3 }
      const kept = keyed('c')
      expect(await one.compareAndSet([gone, ...fresh(kept)])).toEqual([
        { reason: 'gone', id: gone.record.id },
      ])
      expect(await one.compareAndSet(fresh(keyed('c')))).toMatchObject([{ holderId: kept.id }])
    })
  })

  it('stays with its record through its versions, and may be added by a later one', async () => {
    await withTwo(async (one) => {
      const record = sample({ createdAt: TODAY, keys: { service: 'mpesa' } })
      await one.insert([record])
      const named = replacing(record, { keys: { service: 'mpesa', key: 'late' } })
      expect(await one.compareAndSet([named])).toEqual([])
      expect(await one.compareAndSet([replacing(named.record)])).toEqual([])
      expect(await one.compareAndSet(fresh(keyed('late')))).toMatchObject([{ reason: 'key' }])
    })
  })

  it('is free again when its record gets another one, or none', async () => {
    await withTwo(async (one) => {
      const record = keyed('old')
      await one.compareAndSet(fresh(record))
      await one.compareAndSet([replacing(record, { keys: { service: 'mpesa', key: 'new' } })])
      const next = keyed('old')
      expect(await one.compareAndSet(fresh(next))).toEqual([])
      await one.insert([{ ...next, revision: 1, keys: { service: 'mpesa' } }])
      expect(await one.compareAndSet(fresh(keyed('old')))).toEqual([])
    })
  })

  it('is not taken by a version that is refused', async () => {
    await withTwo(async (one) => {
      const record = sample({ createdAt: TODAY })
      await one.insert([record])
      const unkept = await one.compareAndSet([
        ...fresh({ ...record, keys: { service: 'mpesa', key: 'd' } }),
        { record: keyed('e'), expected: 1 },
      ])
      expect(unkept.map(({ reason }) => reason).sort()).toEqual(['gone', 'revision'])
      expect(await one.compareAndSet(fresh(keyed('d'), keyed('e')))).toEqual([])
    })
  })

  it('is taken by a record of a plain batch', async () => {
    await withTwo(async (one) => {
      const record = keyed('plain')
      await one.insert([record])
      expect(await one.compareAndSet(fresh(keyed('plain')))).toEqual([
        { reason: 'key', id: expect.anything(), holderId: record.id },
      ])
    })
  })

  it('may have 200 characters, with a long name of the service', async () => {
    await withTwo(async (one) => {
      const random = (count: number) =>
        Array.from({ length: count }, () =>
          String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000)),
        ).join('')
      const keys = { service: random(512), key: random(512) }
      const record = keyed('', { keys })
      expect(await one.compareAndSet(fresh(record))).toEqual([])
      expect((await one.find(record.kind, keys)).items).toHaveLength(1)
      expect(await one.compareAndSet(fresh(keyed('', { keys })))).toMatchObject([{ reason: 'key' }])
    })
  })
})

describe('the key of a record that is removed is free again', () => {
  const rows = async (schema: string) =>
    (await server.admin(`SELECT FROM ${schema}.record_keys`)).length

  it('when its day is dropped by age, and when it is deleted from the day on which the limit falls', async () => {
    await withTwo(async (one, _other, schema) => {
      const old = keyed('dropped', { createdAt: TODAY - 10 * DAY_MS })
      const early = keyed('deleted', { createdAt: TODAY - 2 * DAY_MS + 1_000 })
      const late = keyed('kept', { createdAt: TODAY - 2 * DAY_MS + 5_000 })
      await one.compareAndSet(fresh(old, early, late))
      expect(await one.prune({ olderThan: late.createdAt })).toBe(2)
      expect(await rows(schema)).toBe(1)
      const again = fresh(keyed('dropped'), keyed('deleted'), keyed('kept'))
      expect(await one.compareAndSet(again)).toMatchObject([{ reason: 'key', holderId: late.id }])
    })
  })

  it('when only its kind is pruned; keys of other kinds stay', async () => {
    await withTwo(async (one, _other, schema) => {
      const createdAt = TODAY - 10 * DAY_MS
      await one.compareAndSet(
        fresh(keyed('a', { createdAt }), keyed('a', { kind: 'reports', createdAt })),
      )
      await one.prune({ olderThan: TODAY, kind: 'reports' })
      expect(await rows(schema)).toBe(1)
      const again = fresh(keyed('a'), keyed('a', { kind: 'reports' }))
      expect(await one.compareAndSet(again)).toMatchObject([{ reason: 'key' }])
    })
  })

  it('when it is removed for maxBytes, with its whole day or from the newest one', async () => {
    await withTwo(async (one, _other, schema) => {
      const old = keyed('old', { createdAt: TODAY - DAY_MS })
      const body = Array.from({ length: 300 }, () => Math.random().toString(36)).join('')
      const records = samples(200, (index) => ({
        createdAt: TODAY + index,
        keys: { service: 'mpesa', key: `key ${index}` },
        data: { body },
      }))
      await one.compareAndSet(fresh(old, ...records))
      const removed = await one.prune({ maxBytes: Math.floor((await one.size()).bytes * 0.6) })
      expect(removed).toBeGreaterThan(20)
      expect(removed).toBeLessThan(190)
      expect(await rows(schema)).toBe(201 - removed)
      const again = await one.compareAndSet(
        fresh(...[old, ...records].map(({ keys }) => sample({ createdAt: TODAY, keys }))),
      )
      expect(again).toHaveLength(201 - removed)
    })
  })

  it('although an instance of the previous version, which knows no keys, dropped its day', async () => {
    await withTwo(async (one, _other, schema) => {
      const createdAt = TODAY - 10 * DAY_MS
      await one.compareAndSet(fresh(keyed('stale', { createdAt })))
      const day = new Date(createdAt).toISOString().slice(0, 10).replaceAll('-', '')
      await server.admin(`DROP TABLE ${schema}.integration_requests_${day}`)
      const next = keyed('stale')
      expect(await one.compareAndSet(fresh(next))).toEqual([])
      expect(await one.compareAndSet(fresh(keyed('stale')))).toMatchObject([
        { reason: 'key', holderId: next.id },
      ])
    })
  })
})
