import { sample, samples } from '@fastify-scs/store/contract'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../src/schema/day.js'
import { eachSchema } from './each-schema.js'

/** Midnight, UTC. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS

const each = eachSchema('retention')
const { openStore } = each

/** The days of a kind that have a table. */
async function daysOf(kind: string): Promise<string[]> {
  const rows = await each.server.admin(
    `SELECT right(relname, 8) AS day FROM pg_class WHERE relnamespace = $1::regnamespace
     AND relname LIKE $2 || '\\_%' AND relkind = 'r' ORDER BY 1`,
    [each.schema, kind],
  )
  return rows.map(({ day }) => String(day))
}

function nameOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '')
}

describe('a day without a partition', () => {
  it('gets one when its first record arrives, from ten instances at once', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => openStore()))
    const createdAt = TODAY - 40 * DAY_MS
    await Promise.all(ten.map((store) => store.insert([sample({ createdAt })])))
    expect(await daysOf('integration_requests')).toContain(nameOf(createdAt))
    expect((await ten[0]?.size())?.records.integration_requests).toBe(10)
  })

  it('keeps the last millisecond of a day and the first of the next apart', async () => {
    const store = await openStore()
    const createdAt = TODAY - 10 * DAY_MS
    await store.insert([sample({ createdAt }), sample({ createdAt: createdAt - 1 })])
    expect(await store.prune({ olderThan: createdAt })).toBe(1)
    expect((await store.find('integration_requests', {})).items).toMatchObject([{ createdAt }])
  })

  it('gets it again when another instance dropped it', async () => {
    const [one, other] = [await openStore(), await openStore()]
    const createdAt = TODAY - 10 * DAY_MS
    await one.insert([sample({ createdAt })])
    await other.prune({ olderThan: TODAY })
    await one.insert([sample({ createdAt })])
    expect((await one.find('integration_requests', {})).items).toHaveLength(1)
  })
})

describe('pruning by age', () => {
  it('drops the tables of whole days, and deletes from the day in which the limit lies', async () => {
    const store = await openStore()
    const limitDay = TODAY - 5 * DAY_MS
    const noon = limitDay + DAY_MS / 2
    const old = samples(10, (index) => ({ createdAt: limitDay - 1 - index * DAY_MS }))
    // More than one statement deletes.
    const before = samples(2_500, (index) => ({ createdAt: noon - 1 - index }))
    const after = samples(5, (index) => ({ createdAt: noon + index }))
    await store.insert([...old, ...before, ...after])
    expect(await store.prune({ olderThan: noon })).toBe(2_510)
    const days = [limitDay, TODAY, TODAY + DAY_MS].map(nameOf)
    expect(await daysOf('integration_requests')).toEqual(days)
    expect((await store.find('integration_requests', {})).items).toHaveLength(5)
  })

  it('removes dead letters that were stored before the limit', async () => {
    const store = await openStore()
    await store.insertDeadLetter(sample(), 'old')
    await store.insertDeadLetter(sample(), 'new')
    await each.server.admin(`UPDATE ${each.schema}.dead_letters SET buried_at = buried_at - interval '10 days'
      WHERE reason = 'old'`)
    await store.prune({ olderThan: TODAY - 5 * DAY_MS })
    expect(await each.server.admin(`SELECT reason FROM ${each.schema}.dead_letters`)).toEqual([
      { reason: 'new' },
    ])
  })

  it('waits for readers of the old day without blocking writers, and in one instance at a time', async () => {
    const [one, other] = [await openStore(), await openStore()]
    const createdAt = TODAY - 10 * DAY_MS
    await one.insert([sample({ createdAt })])
    await withReader(async (endReading) => {
      const pruning = one.prune({ olderThan: TODAY })
      await expect.poll(() => locksWanted(), { timeout: 5_000, interval: 10 }).toBeGreaterThan(0)
      expect(await other.prune({ olderThan: TODAY })).toBe(0)
      await other.insert([sample({ createdAt: TODAY }), sample({ createdAt })])
      await endReading()
      expect(await pruning).toBe(2)
    })
    expect((await one.size()).records.integration_requests).toBe(1)
  })

  it('can be done by another instance once the first has finished or died', async () => {
    const [one, other] = [await openStore(), await openStore()]
    await one.insert(samples(2, (index) => ({ createdAt: TODAY - (10 + index) * DAY_MS })))
    expect(await one.prune({ olderThan: TODAY - 10 * DAY_MS })).toBe(1)
    await one.close()
    expect(await other.prune({ olderThan: TODAY })).toBe(1)
  })
})

describe('pruning', () => {
  it('fails, and nothing else does, when the connection that holds its lock is killed', async () => {
    const store = await openStore()
    const createdAt = TODAY - 10 * DAY_MS
    await store.insert([sample({ createdAt })])
    await withReader(async (endReading) => {
      const failing = expect(store.prune({ olderThan: TODAY })).rejects.toMatchObject({
        code: 'SCS_STORE_ERR_UNAVAILABLE',
      })
      await expect.poll(() => locksWanted(), { timeout: 5_000, interval: 10 }).toBeGreaterThan(0)
      await each.server.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%fastify-scs prune "${each.schema}"%'`)
      await endReading()
      await failing
    })
    await store.insert([sample({ createdAt })])
    expect(await store.prune({ olderThan: TODAY })).toBe(1)
  })
})

describe('pruning by bytes', () => {
  it('trims the newest day, oldest records first, and frees the space', async () => {
    const store = await openStore()
    const body = Array.from({ length: 300 }, () => Math.random().toString(36)).join('')
    const records = samples(1_000, (index) => ({ createdAt: TODAY + index, data: { body } }))
    await store.insert(records)
    const { bytes } = await store.size()
    const maxBytes = Math.floor(bytes * 0.6)
    const removed = await store.prune({ maxBytes })
    const size = await store.size()
    expect(size.bytes).toBeLessThanOrEqual(maxBytes)
    expect(size.records.integration_requests).toBe(1_000 - removed)
    expect(removed).toBeGreaterThan(300)
    expect(removed).toBeLessThan(600)
    const newest = await store.find('integration_requests', { limit: 1 })
    expect(newest.items[0]?.id).toBe(records.at(-1)?.id)
    const oldest = await store.find('integration_requests', { to: TODAY + removed })
    expect(oldest.items).toEqual([])
  })

  it('ends when nothing is left to remove, although empty tables exceed the limit', async () => {
    const store = await openStore()
    await store.insert([sample({ createdAt: TODAY }), sample({ createdAt: TODAY - DAY_MS })])
    expect(await store.prune({ maxBytes: 1 })).toBe(2)
    expect(await store.prune({ maxBytes: 1 })).toBe(0)
    await store.insert([sample({ createdAt: TODAY })])
  })
})

/** Reads all days meanwhile, in a transaction that holds them until the reading is ended. */
async function withReader(
  use: (endReading: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const reader = new pg.Client({ connectionString: each.server.url() })
  await reader.connect()
  try {
    await reader.query(`BEGIN; SELECT FROM ${each.schema}.integration_requests`)
    await use(() => reader.query('COMMIT'))
  } finally {
    await reader.end()
  }
}

/** Tables of this test that someone waits for. */
async function locksWanted(): Promise<number> {
  const [row] = await each.server.admin(
    `SELECT count(*)::int AS wanted FROM pg_locks JOIN pg_class ON pg_class.oid = relation
     JOIN pg_database ON pg_database.oid = database
     WHERE datname = current_database() AND NOT granted AND relnamespace = $1::regnamespace`,
    [each.schema],
  )
  return Number(row?.wanted)
}
