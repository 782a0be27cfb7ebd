import type { StoreRecord } from '@fastify-scs/store'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { connect, newPath, upTo } from '../processes.js'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** The beginning of an hour that is long over. */
const START = Date.UTC(2026, 0, 15, 12)

function minute(at: number, route: string, service: string, calls: number): StoreRecord {
  const data = { instance: 'a', calls, failed: 1, slow: 2, stuck: 3, aborted: 4 }
  const durations = { sumMs: calls * 2, minMs: 1, maxMs: 3, buckets: [8, calls - 1, 40, 1] }
  const keys = { route, service }
  return sample({ kind: 'route_stats', createdAt: at, keys, data: { ...data, ...durations } })
}

/** Three hours of two routes of two services. */
function threeHours(): StoreRecord[] {
  return upTo(180).flatMap((index) => {
    const at = START + index * MINUTE_MS
    return ['GET /a', 'GET /b'].flatMap((route) => [
      minute(at, route, 'pay', 2 + (index % 7)),
      minute(at, route, 'shop', 5),
    ])
  })
}

async function openStore(path: string): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  await store.insert(threeHours())
  return store
}

const queries = [
  { from: START, to: START + 3 * HOUR_MS },
  { from: START + 7 * MINUTE_MS, to: START + 2 * HOUR_MS + 9 * MINUTE_MS },
  { from: START, to: START + 3 * HOUR_MS, route: 'GET /a' },
  { from: START, to: START + 3 * HOUR_MS, service: 'pay' },
  { from: START, to: START + 3 * HOUR_MS, bucketMs: HOUR_MS },
  { from: START, to: START + 3 * HOUR_MS, bucketMs: 2 * HOUR_MS, route: 'GET /b' },
  { from: START, to: START + 3 * HOUR_MS, bucketMs: 10 * MINUTE_MS },
  { from: START + MINUTE_MS, to: START + 3 * HOUR_MS, bucketMs: HOUR_MS },
  { from: START - 9 * HOUR_MS, to: START + 9 * HOUR_MS, bucketMs: 3 * HOUR_MS },
]

describe('the calls of routes', () => {
  it.each(queries)(
    'are the same from hours that are summed up as from minutes: %j',
    async (query) => {
      const path = newPath()
      const store = await openStore(path)
      const fromMinutes = await store.routeStats(query)
      expect(fromMinutes.length).toBeGreaterThan(0)
      await store.prune({})
      expect(connect(path).prepare('SELECT count(*) AS hours FROM route_hours_done').get()).toEqual(
        {
          hours: expect.toSatisfy((hours: number) => hours >= 3),
        },
      )
      expect(await store.routeStats(query)).toEqual(fromMinutes)
    },
  )

  it('of an hour are read from its minutes again once one comes late, goes or is changed', async () => {
    const path = newPath()
    const store = await openStore(path)
    const query = { from: START, to: START + 3 * HOUR_MS, route: 'GET /a' }
    const callsOf = async () => (await store.routeStats(query))[0]?.calls
    await store.prune({})
    const before = (await callsOf()) ?? 0
    const late = minute(START + HOUR_MS, 'GET /a', 'pay', 100)
    await store.insert([late])
    expect(await callsOf()).toBe(before + 100)
    await store.prune({})
    expect(await callsOf()).toBe(before + 100)
    const { data } = minute(START + HOUR_MS, 'GET /a', 'pay', 300)
    await store.insert([{ ...late, revision: 1, data }])
    expect(await callsOf()).toBe(before + 300)
    await store.prune({ olderThan: START + 2 * HOUR_MS })
    const hour = { ...query, from: START + 2 * HOUR_MS }
    expect(await callsOf()).toBe((await store.routeStats(hour))[0]?.calls)
  })
})
