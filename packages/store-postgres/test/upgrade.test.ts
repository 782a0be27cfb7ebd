import type { RecordFilter, StoreRecord } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { DAY_MS } from '../src/schema/day.js'
import { makeOldSchema } from './old-schema.js'
import { PostgresDatabase } from './postgres-server.js'

/** Midnight, UTC. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

/** A schema as the version before left it, with a day that is 9 days old and a record in it. */
async function oldSchema(): Promise<{ schema: string; record: StoreRecord }> {
  const schema = `upgraded_${++made}`
  await makeOldSchema(server, schema, 2)
  const record = sample({ createdAt: TODAY - 9 * DAY_MS, keys: { status: 'Queued' } })
  for (const kind of ['integration_requests', 'reports', 'audit_events']) {
    await server.admin(`CREATE TABLE ${schema}.${kind}_${nameOf(record.createdAt)}
      PARTITION OF ${schema}.${kind} FOR VALUES FROM ('${dateOf(record.createdAt)}')
      TO ('${dateOf(record.createdAt + DAY_MS)}')`)
  }
  await oldInsert(schema, record)
  return { schema, record }
}

/** The statement with which the version before writes. */
async function oldInsert(schema: string, record: StoreRecord): Promise<void> {
  await server.admin(
    `INSERT INTO ${schema}.integration_requests AS kept (created_at, id, revision, status, data)
     SELECT given.* FROM unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::text[], $5::json[]) AS given
     ON CONFLICT (id, created_at) DO UPDATE
     SET revision = excluded.revision, status = excluded.status, data = excluded.data
     WHERE kept.revision < excluded.revision`,
    [
      [new Date(record.createdAt).toISOString()],
      [record.id],
      [record.revision],
      [record.keys.status],
      [JSON.stringify(record.data)],
    ],
  )
}

function dateOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10)} 00:00+00`
}

function nameOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '')
}

/** The indexes that the parents have and not each of their partitions. */
async function unfinishedIndexes(schema: string): Promise<unknown[]> {
  return server.admin(
    `SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = $1::regnamespace AND NOT indisvalid`,
    [schema],
  )
}

it('a schema of the previous version is migrated with its records', async () => {
  const { schema, record } = await oldSchema()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    expect(await store.get(record.kind, record.id)).toMatchObject({ keys: { status: 'Queued' } })
    const keys = { status: 'Completed', service: 'mpesa', key: 'ws_CO_1', remoteId: 'r-1' }
    const changed = { ...record, revision: 1, keys, stamps: { 'keys.status': 1 } }
    expect(await store.compareAndSet([{ record: changed, expected: 0 }])).toEqual([])
    expect((await store.find(record.kind, { key: 'ws_CO_1' })).items).toMatchObject([{ keys }])
  } finally {
    await store.close()
  }
})

it('records written by the previous version, before and after the upgrade, are found by method, direction and URL', async () => {
  const { schema } = await oldSchema()
  const url = 'https://a.example/v1'
  const datas: readonly StoreRecord['data'][] = [
    { method: 'post', url, isRemoteRequest: true },
    { method: 'GET', url, isRemoteRequest: false },
    { method: 7, url: null, isRemoteRequest: 'true' },
    { method: { a: 'POST' }, isRemoteRequest: null },
  ]
  const [first, ...others] = datas.map((data, index) =>
    sample({ createdAt: TODAY + index, keys: { status: `old ${index}` }, data }),
  )
  if (first === undefined) throw new Error('no record')
  const day = `${schema}.integration_requests_${nameOf(TODAY)}`
  await server.admin(`CREATE TABLE ${day} PARTITION OF ${schema}.integration_requests
    FOR VALUES FROM ('${dateOf(TODAY)}') TO ('${dateOf(TODAY + DAY_MS)}')`)
  await oldInsert(schema, first)
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    for (const record of others) await oldInsert(schema, record)
    await store.insert([
      sample({ createdAt: TODAY + 9, keys: { status: 'new' }, data: { method: 'Post', url } }),
    ])
    const found = async (filter: RecordFilter) => {
      const { items } = await store.find('integration_requests', filter)
      return items.map(({ keys }) => keys.status)
    }
    expect(await found({ method: 'POST' })).toEqual(['new', 'old 0'])
    expect(await found({ method: 'get', direction: 'in' })).toEqual(['old 1'])
    expect(await found({ direction: 'out' })).toEqual(['old 0'])
    expect(await found({ urlPrefix: 'https://a.' })).toEqual(['new', 'old 1', 'old 0'])
  } finally {
    await store.close()
  }
})

it('an instance of the previous version overwrites a changed record and leaves its stamps out of date', async () => {
  const { schema, record } = await oldSchema()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    const stamps = { 'data.note': 7 }
    const changed = { ...record, revision: 1, data: { note: 'new' }, stamps }
    expect(await store.compareAndSet([{ record: changed, expected: 0 }])).toEqual([])
    await oldInsert(schema, { ...record, revision: 2, data: { note: 'as it was' } })
    expect(await store.get(record.kind, record.id)).toMatchObject({
      revision: 2,
      data: { note: 'as it was' },
      stamps,
    })
  } finally {
    await store.close()
  }
})

it('days from before the upgrade get the new indexes one by one; no reader or writer waits for all of them', async () => {
  const { schema } = await oldSchema()
  const reader = new pg.Client({ connectionString: server.url() })
  await reader.connect()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    await expect.poll(() => unfinishedIndexes(schema), { timeout: 10_000 }).toEqual([])
    const indexes = await server.admin(
      `SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2
       AND indexdef ~ '\\((key|remote_id), created_at\\)'`,
      [schema, `integration_requests_${nameOf(TODAY - 9 * DAY_MS)}`],
    )
    expect(indexes).toHaveLength(2)
  } finally {
    await reader.end()
    await store.close()
  }
})

it('the next start completes an index that was not finished', async () => {
  const { schema } = await oldSchema()
  const table = `${schema}.integration_requests_${nameOf(TODAY - 9 * DAY_MS)}`
  const writer = new pg.Client({ connectionString: server.url() })
  await writer.connect()
  try {
    // The first start makes the schema new and cannot have this day.
    const first = new CheckedAdapter(new PostgresStore(server.url({ schema })))
    await first.open()
    await expect.poll(() => unfinishedIndexes(schema), { timeout: 10_000 }).toEqual([])
    await server.admin(`DROP INDEX ${schema}.integration_requests_remote_id_created_at_idx;
      CREATE INDEX ON ONLY ${schema}.integration_requests (remote_id, created_at) WHERE remote_id IS NOT NULL`)
    await first.close()
    expect(await unfinishedIndexes(schema)).toHaveLength(1)
    await writer.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`)
    const second = new CheckedAdapter(new PostgresStore(server.url({ schema })))
    await second.open()
    await second.insert([sample({ createdAt: TODAY })])
    expect(await unfinishedIndexes(schema)).toHaveLength(1)
    await writer.query('COMMIT')
    await expect.poll(() => unfinishedIndexes(schema), { timeout: 10_000 }).toEqual([])
    await second.close()
  } finally {
    await writer.end()
  }
})

it('a running instance of the previous version goes on writing, and its new days get every index', async () => {
  const { schema, record } = await oldSchema()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    await oldInsert(schema, { ...record, revision: 1, keys: { status: 'Failed' } })
    const later = TODAY + 5 * DAY_MS
    const child = `${schema}.integration_requests_${nameOf(later)}`
    await server.admin(`CREATE TABLE ${child} (LIKE ${schema}.integration_requests INCLUDING DEFAULTS);
      ALTER TABLE ${schema}.integration_requests ATTACH PARTITION ${child}
      FOR VALUES FROM ('${dateOf(later)}') TO ('${dateOf(later + DAY_MS)}')`)
    await oldInsert(schema, sample({ createdAt: later, keys: { status: 'Sent' } }))
    expect((await store.get(record.kind, record.id))?.keys).toEqual({ status: 'Failed' })
    expect((await store.find(record.kind, { status: 'Sent' })).items).toHaveLength(1)
    await expect.poll(() => unfinishedIndexes(schema), { timeout: 10_000 }).toEqual([])
  } finally {
    await store.close()
  }
})

it('the upgrade waits for table locks in short attempts, so that others go on meanwhile', async () => {
  const { schema, record } = await oldSchema()
  const reader = new pg.Client({ connectionString: server.url() })
  await reader.connect()
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await reader.query(`BEGIN; SELECT FROM ${schema}.integration_requests`)
    const opening = store.open()
    await expect
      .poll(() => locksWanted(schema), { timeout: 5_000, interval: 10 })
      .toBeGreaterThan(0)
    // Behind a lock that is waited for as long as it takes, this would wait for the reader too.
    await oldInsert(schema, { ...record, revision: 1 })
    await reader.query('COMMIT')
    await opening
    expect(await store.get(record.kind, record.id)).toMatchObject({ revision: 1 })
  } finally {
    await reader.end()
    await store.close()
  }
})

/** Tables of the schema that someone waits for. */
async function locksWanted(schema: string): Promise<number> {
  const [row] = await server.admin(
    `SELECT count(*)::int AS wanted FROM pg_locks JOIN pg_class ON pg_class.oid = relation
     JOIN pg_database ON pg_database.oid = database
     WHERE datname = current_database() AND NOT granted AND relnamespace = $1::regnamespace`,
    [schema],
  )
  return Number(row?.wanted)
}
