import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { makeOldSchema } from './old-schema.js'
import { PASSWORD, PostgresDatabase } from './postgres-server.js'

const DAY_MS = 86_400_000

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
  await server.admin(`CREATE ROLE onlooker_${server.name} LOGIN PASSWORD '${PASSWORD}'`)
}, 60_000)

afterAll(async () => {
  await server?.admin(`DROP OWNED BY onlooker_${server.name}; DROP ROLE onlooker_${server.name}`)
  await server?.remove()
})

/** A schema with a record of each thing, made by a store that may write. */
async function filledSchema(): Promise<string> {
  const schema = `read_only_${++made}`
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await store.open()
    await store.insert([
      sample({ kind: 'reports', createdAt: 1_000, keys: { fingerprint: 'a', service: 'shop' } }),
    ])
    const seen = { fingerprint: 'a', occurrences: 2, firstSeenAt: 1_000, lastSeenAt: 1_000 }
    await store.countGroups([{ ...seen, canReport: true }], { growth: 2, quietMs: 60_000 })
    await store.noteRelease('1.0.0', 1_000)
  } finally {
    await store.close()
  }
  return schema
}

function opened(schema: string, user?: string): CheckedAdapter {
  const url = server.url(user === undefined ? { schema } : { schema, user })
  return new CheckedAdapter(new PostgresStore(url), { readOnly: true })
}

it('a user who may only select reads everything', async () => {
  const schema = await filledSchema()
  const user = `onlooker_${server.name}`
  await server.admin(
    `GRANT USAGE ON SCHEMA ${schema} TO ${user}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${user}`,
  )
  // A day that is made after the grant.
  const writer = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  await writer.open()
  await writer.insert([sample({ kind: 'reports', createdAt: 5 * DAY_MS })])
  await writer.close()
  const store = opened(schema, user)
  try {
    await store.open()
    expect((await store.find('reports')).items).toHaveLength(2)
    expect((await store.groups()).items).toMatchObject([{ fingerprint: 'a', occurrences: 2 }])
    expect(await store.releases(10)).toMatchObject([{ release: '1.0.0' }])
    const day = { from: 0, to: DAY_MS }
    expect(await store.tally('reports', { by: 'service', ...day })).toMatchObject({ total: 1 })
    expect(await store.buckets('reports', { ...day, bucketMs: DAY_MS })).toHaveLength(1)
    expect(await store.routeStats(day)).toEqual([])
    expect((await store.size()).records.reports).toBe(2)
  } finally {
    await store.close()
  }
})

it('no partition is made for today', async () => {
  const schema = await filledSchema()
  const tables = async () =>
    server.admin('SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [schema])
  await server.admin(`DROP TABLE ${schema}.reports_${nameOfToday()}`)
  const before = await tables()
  const store = opened(schema)
  try {
    await store.open()
    expect((await store.find('reports')).items).toHaveLength(1)
    expect(await tables()).toEqual(before)
  } finally {
    await store.close()
  }
})

it('a schema that is not there, or is older than the code, is refused and left as it is', async () => {
  const old = `read_only_${++made}`
  await makeOldSchema(server, old, 3)
  for (const [schema, reason] of [
    [old, 'has version 3'],
    ['not_there', 'holds no store'],
  ] as const) {
    const store = opened(schema)
    try {
      await expect(store.open()).rejects.toMatchObject({
        code: 'SCS_STORE_ERR_NOT_A_STORE',
        message: expect.stringContaining(reason),
      })
    } finally {
      await store.close()
    }
  }
  expect(await server.admin(`SELECT max(version) AS version FROM ${old}.migrations`)).toEqual([
    { version: 3 },
  ])
  expect(await server.admin(`SELECT FROM pg_namespace WHERE nspname = 'not_there'`)).toEqual([])
})

it('what reads runs in a transaction that cannot write', async () => {
  const schema = await filledSchema()
  const store = opened(schema)
  try {
    await store.open()
    // A function with an effect, which a reading transaction of the server refuses.
    await server.admin(`
      CREATE FUNCTION ${schema}.touch() RETURNS boolean LANGUAGE plpgsql AS
        'BEGIN DELETE FROM ${schema}.releases; RETURN true; END';
      ALTER TABLE ${schema}.releases RENAME TO noted;
      CREATE VIEW ${schema}.releases AS SELECT * FROM ${schema}.noted WHERE ${schema}.touch()`)
    await expect(store.releases(1)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('read-only transaction') },
    })
  } finally {
    await store.close()
  }
})

function nameOfToday(): string {
  return new Date().toISOString().slice(0, 10).replaceAll('-', '')
}
