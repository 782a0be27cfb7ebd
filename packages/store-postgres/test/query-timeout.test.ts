import { CheckedAdapter } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

const CUT = { code: 'SCS_STORE_ERR_QUERY_TIMEOUT', statusCode: 503 }

/** What the store has asked for and the server still works at. */
const AT_WORK = `SELECT query FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'fastify-scs' AND state = 'active'`

let server: PostgresDatabase

beforeAll(async () => {
  server = await PostgresDatabase.create()
  const store = new CheckedAdapter(new PostgresStore(server.url()))
  await store.open()
  await store.close()
  await server.admin(`
    CREATE TABLE scs.reports_20260101 PARTITION OF scs.reports
      FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-01-02 00:00+00');
    INSERT INTO scs.reports (created_at, id, revision, data)
    SELECT '2026-01-01 00:00+00'::timestamptz + number * interval '1 ms', gen_random_uuid(), 0,
      '{"url":"https://a.example"}' FROM generate_series(1, 100000) AS number`)
}, 60_000)

afterAll(() => server?.remove())

async function withStore(
  queryTimeoutMs: number,
  use: (store: CheckedAdapter) => Promise<void>,
): Promise<void> {
  const store = new CheckedAdapter(new PostgresStore(server.url()), { queryTimeoutMs })
  try {
    await store.open()
    await use(store)
  } finally {
    await store.close()
  }
}

it('a search that takes longer than it may is cancelled by the server, and the connection is good for the next', async () => {
  await withStore(1, async (store) => {
    // Reads every record, each of which is parsed: many times a millisecond.
    await expect(store.find('reports', { urlPrefix: 'https://b.' })).rejects.toMatchObject({
      ...CUT,
      message: 'The postgres store ended a query after 1 ms',
      cause: { code: '57014' },
    })
    expect(await server.admin(AT_WORK)).toEqual([])
  })
})

it('every way to read is cut, also while it waits for a lock, and writing goes on', async () => {
  const locker = new pg.Client({ connectionString: server.url() })
  await locker.connect()
  try {
    await withStore(200, async (store) => {
      await locker.query(`BEGIN; LOCK TABLE scs.reports, scs.report_groups, scs.releases,
        scs.route_stats IN ACCESS EXCLUSIVE MODE`)
      const day = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) }
      const reads = [
        () => store.find('reports', {}),
        () => store.get('reports', '0195d1f0-0000-7000-8000-000000000000'),
        () => store.buckets('reports', { ...day, bucketMs: 3_600_000 }),
        () => store.tally('reports', { by: 'service', ...day }),
        () => store.groups(),
        () => store.routeStats(day),
        () => store.releases(1),
        () => store.size(),
      ]
      for (const read of reads) await expect(read()).rejects.toMatchObject(CUT)
      expect(await server.admin(AT_WORK)).toEqual([])
      const noting = store.noteRelease('1.0.0', 1)
      await new Promise((resolve) => setTimeout(resolve, 400))
      await locker.query('COMMIT')
      await noting
      expect(await store.releases(1)).toHaveLength(1)
    })
  } finally {
    await locker.end()
  }
})
