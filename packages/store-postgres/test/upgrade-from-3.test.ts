import type { StoreRecord } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { DAY_MS } from '../src/schema/day.js'
import { makeOldSchema } from './old-schema.js'
import { PostgresDatabase } from './postgres-server.js'

const RULES = { growth: 2, quietMs: 60_000 }
/** Midnight, UTC. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS
const KINDS = ['integration_requests', 'reports', 'audit_events']

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

/** A schema as version 3 left it, with an old day, a record in it and a group. */
async function oldSchema(): Promise<{ schema: string; record: StoreRecord }> {
  const schema = `from_3_${++made}`
  await makeOldSchema(server, schema, 3)
  const record = sample({ kind: 'reports', createdAt: TODAY - 9 * DAY_MS })
  for (const kind of KINDS) await oldDay(schema, kind, record.createdAt)
  await oldInsert(schema, record, 'old')
  await oldCount(schema, 'a', 3)
  return { schema, record }
}

/** As version 3 makes a day. */
async function oldDay(schema: string, kind: string, time: number): Promise<void> {
  const child = `${schema}.${kind}_${new Date(time).toISOString().slice(0, 10).replaceAll('-', '')}`
  const from = Math.floor(time / DAY_MS) * DAY_MS
  await server.admin(`CREATE TABLE ${child} (LIKE ${schema}.${kind} INCLUDING DEFAULTS);
    ALTER TABLE ${schema}.${kind} ATTACH PARTITION ${child}
    FOR VALUES FROM (to_timestamp(${from / 1000})) TO (to_timestamp(${(from + DAY_MS) / 1000}))`)
}

/** The statement with which version 3 writes. */
async function oldInsert(schema: string, record: StoreRecord, status: string): Promise<void> {
  await server.admin(
    `INSERT INTO ${schema}.reports AS kept (created_at, id, revision, status, data)
     SELECT given.* FROM unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::text[], $5::json[]) AS given
     ON CONFLICT (id, created_at) DO UPDATE SET revision = excluded.revision, status = excluded.status
     WHERE kept.revision < excluded.revision`,
    [
      [new Date(record.createdAt).toISOString()],
      [record.id],
      [record.revision],
      [status],
      [JSON.stringify(record.data)],
    ],
  )
}

/** The statements with which version 3 counts a group. */
async function oldCount(schema: string, fingerprint: string, occurrences: number): Promise<void> {
  await server.admin(
    `INSERT INTO ${schema}.report_groups AS kept
       (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
     SELECT key, 0, 'epoch', 'epoch', 0, 0, 0 FROM unnest($1::text[]) AS key
     ON CONFLICT (fingerprint) DO UPDATE SET due_at = kept.due_at`,
    [[fingerprint]],
  )
  await server.admin(
    `UPDATE ${schema}.report_groups SET occurrences = occurrences + $2, streak = streak + $2, due_at = 64,
       first_seen_at = now(), last_seen_at = now() WHERE fingerprint = $1`,
    [fingerprint, occurrences],
  )
}

async function unfinishedIndexes(schema: string): Promise<unknown[]> {
  return server.admin(
    `SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = $1::regnamespace AND NOT indisvalid`,
    [schema],
  )
}

async function withUpgraded(
  use: (store: CheckedAdapter, schema: string, record: StoreRecord) => Promise<void>,
): Promise<void> {
  const { schema, record } = await oldSchema()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    await use(store, schema, record)
  } finally {
    await store.close()
  }
}

it('records and groups of version 3 are kept, and take what is new', async () => {
  await withUpgraded(async (store, _schema, record) => {
    expect(await store.get('reports', record.id)).toMatchObject({ keys: { status: 'old' } })
    const [group] = (await store.groups({ text: 'A' })).items
    expect(group).toMatchObject({
      fingerprint: 'a',
      title: 'a',
      occurrences: 3,
      status: 'open',
      users: 0,
      revision: 0,
    })
    const keys = { route: 'GET /orders/:id', release: '1.2.0', traceId: 'f'.repeat(32) }
    await store.insert([{ ...record, revision: 1, keys }])
    for (const filter of [
      { route: keys.route },
      { release: keys.release },
      { traceId: keys.traceId },
    ]) {
      expect((await store.find('reports', filter)).items).toMatchObject([{ id: record.id, keys }])
    }
    const minute = sample({ kind: 'route_stats', createdAt: TODAY, keys: { route: keys.route } })
    await store.insert([minute])
    expect(await store.get('route_stats', minute.id)).toMatchObject({ keys: minute.keys })
  })
})

it('existing days get the indexes of route, release and trace one by one', async () => {
  await withUpgraded(async (_store, schema, record) => {
    await expect.poll(() => unfinishedIndexes(schema), { timeout: 10_000 }).toEqual([])
    const day = new Date(record.createdAt).toISOString().slice(0, 10).replaceAll('-', '')
    for (const kind of KINDS) {
      const indexes = await server.admin(
        `SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2
         AND indexdef ~ '\\((route|release|trace_id), created_at\\)'`,
        [schema, `${kind}_${day}`],
      )
      expect(indexes).toHaveLength(3)
    }
  })
})

it('an instance of version 3 goes on writing, counting and forgetting beside this one', async () => {
  await withUpgraded(async (store, schema, record) => {
    const keys = { route: 'GET /orders/:id' }
    await store.insert([{ ...record, revision: 1, keys }])
    await oldInsert(schema, { ...record, revision: 2 }, 'Failed')
    // What it does not know it leaves as it was.
    expect(await store.get('reports', record.id)).toMatchObject({
      revision: 2,
      keys: { ...keys, status: 'Failed' },
    })
    await oldDay(schema, 'reports', TODAY + 5 * DAY_MS)
    const later = sample({ kind: 'reports', createdAt: TODAY + 5 * DAY_MS, keys })
    await store.insert([later])
    expect((await store.find('reports', keys)).items).toHaveLength(2)

    const seen = { occurrences: 1, firstSeenAt: Date.now(), lastSeenAt: Date.now() }
    const sighting = {
      ...seen,
      fingerprint: 'a',
      canReport: true,
      users: ['ada'],
      title: 'Error: a',
    }
    await store.countGroups([sighting], RULES)
    await store.changeGroup('a', { expected: 0, by: 'ada', at: 1, status: 'muted' })
    await oldCount(schema, 'a', 2)
    await oldCount(schema, 'b', 1)
    expect((await store.groups({ fingerprint: 'a' })).items).toMatchObject([
      { occurrences: 6, status: 'muted', users: 1, title: 'Error: a', revision: 1 },
    ])
    expect((await store.groups({ text: 'b' })).items).toMatchObject([{ title: 'b', users: 0 }])
    // It removes groups without knowing what belongs to them.
    await server.admin(`DELETE FROM ${schema}.report_groups`)
    await store.countGroups([{ ...sighting, users: [] }], RULES)
    expect((await store.groups()).items).toMatchObject([{ occurrences: 1, users: 0 }])
    expect(await server.admin(`SELECT FROM ${schema}.group_users`)).toEqual([])
  })
})
