import { type CheckedAdapter, NOON, sample, samples } from '@fastify-scs/store/contract'
import { expect, it, vi } from 'vitest'
import { eachSchema } from './each-schema.js'

vi.setConfig({ testTimeout: 60_000 })

const DAY_MS = 86_400_000

const each = eachSchema('forgetting')
const { openStore } = each

/** Removes all integration requests of ada; how many there were. */
async function forgetAda(store: CheckedAdapter, limit: number): Promise<number> {
  for (let rows = 0; ; ) {
    const part = 'integration_requests'
    const step = await store.forgetUser({ user: 'ada', part, pseudonym: 'somebody', limit })
    rows += step.rows
    if (step.isDone) return rows
  }
}

it('records of a user go also where the server writes times in another way', async () => {
  await each.server.admin(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET datestyle = %L', current_database(), 'SQL, DMY');
    EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Europe/Berlin');
  END $$`)
  const store = await openStore()
  // The hour that comes twice when summer time ends, and a day that is also a month.
  const times = [Date.UTC(2025, 9, 26, 0, 30), Date.UTC(2025, 9, 26, 1, 30), Date.UTC(2025, 1, 3)]
  await store.insert(times.map((createdAt) => sample({ createdAt, keys: { user: 'ada' } })))
  expect(await forgetAda(store, 200)).toBe(3)
  expect((await store.size()).records.integration_requests).toBe(0)
})

it('records of a user go while other instances write and change records of the same user', async () => {
  const [store, ...others] = await Promise.all([openStore(), openStore(), openStore()])
  const keys = { user: 'ada', service: 'pay' }
  const records = samples(2_000, (index) => ({
    createdAt: NOON - (index % 20) * DAY_MS,
    keys: { ...keys, key: `order-${index}` },
  }))
  await store?.insert(records)
  let written = 0
  const write = async (other: CheckedAdapter, turn: number): Promise<void> => {
    for (let at = 0; at < 30; at++) {
      const known = records.slice(turn, turn + 200)
      await other.insert(known.map((record) => ({ ...record, revision: written + 1 })))
      await other.insert(samples(10, () => ({ keys: { user: 'bob' } })))
      written++
    }
  }
  const writing = others.map((other, index) => write(other, index * 1_000))
  const forgetting = async () => store && (await forgetAda(store, 50))
  const [removed] = await Promise.all([forgetting(), ...writing])
  expect(removed).toBeGreaterThanOrEqual(2_000)
  if (store !== undefined) await forgetAda(store, 200)
  const { items } = (await store?.find('integration_requests', { user: 'ada' })) ?? {}
  expect(items).toEqual([])
  expect((await store?.size())?.records.integration_requests).toBe(written * 10)
})
