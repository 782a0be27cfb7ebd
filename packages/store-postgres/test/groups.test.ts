import type { GroupSighting } from '@fastify-scs/store/adapter'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { makeOldSchema } from './old-schema.js'
import { PostgresDatabase } from './postgres-server.js'

const RULES = { growth: 2, quietMs: 60_000 }

/** Who waits for a lock in this database. */
const WAITING = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE NOT granted AND datname = current_database()`

let server: PostgresDatabase
let made = 0

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

function sighting(fingerprint: string): GroupSighting {
  return { fingerprint, occurrences: 1, firstSeenAt: 1, lastSeenAt: 1, canReport: true }
}

/** Two instances over one schema, which are closed afterwards. */
async function withTwo(
  use: (one: CheckedAdapter, other: CheckedAdapter, schema: string) => Promise<void>,
): Promise<void> {
  const schema = `groups_${++made}`
  const one = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  const other = new CheckedAdapter(new PostgresStore(server.url({ schema })))
  try {
    await one.open()
    await other.open()
    await use(one, other, schema)
  } finally {
    await Promise.all([one.close(), other.close()])
  }
}

it('two instances that count the same groups in opposite orders do not deadlock', async () => {
  await withTwo(async (one, other) => {
    const sightings = Array.from({ length: 200 }, (_, index) => sighting(`group ${index}`))
    const calls = Array.from({ length: 8 }, () => [
      one.countGroups(sightings, RULES),
      other.countGroups(sightings.toReversed(), RULES),
    ])
    const states = (await Promise.all(calls.flat())).flat()
    for (const { fingerprint } of sightings) {
      const ofGroup = states.filter((state) => state.fingerprint === fingerprint)
      const due = ofGroup.filter(({ isDue }) => isDue).map(({ streak }) => streak)
      expect(due.sort((a, b) => a - b)).toEqual([1, 2, 4, 8, 16])
    }
  })
})

it('an instance that waited for another sees what that one counted', async () => {
  await withTwo(async (one, other, schema) => {
    await one.countGroups([sighting('a')], RULES)
    await withTransaction(async (query) => {
      await query(`UPDATE ${schema}.report_groups SET streak = 6, due_at = 8, suppressed = 4`)
      const counting = other.countGroups([sighting('a')], RULES)
      await expect
        .poll(async () => (await query(WAITING)).rowCount, {
          timeout: 5_000,
        })
        .toBeGreaterThan(0)
      await query('COMMIT')
      expect(await counting).toMatchObject([{ streak: 7, isDue: false, suppressed: 5 }])
    })
    expect(await one.countGroups([sighting('a')], RULES)).toMatchObject([
      { streak: 8, isDue: true, suppressed: 5 },
    ])
  })
})

it('pruning skips groups that are being counted, and removes more than one chunk', async () => {
  await withTwo(async (one, _other, schema) => {
    const names = Array.from({ length: 2_500 }, (_, index) => `group ${index}`)
    await one.countGroups(names.map(sighting), RULES)
    await withTransaction(async (query) => {
      await query(`SELECT FROM ${schema}.report_groups WHERE fingerprint = 'group 7' FOR UPDATE`)
      await one.prune({ olderThan: 2 })
      const { rows } = await query(`SELECT fingerprint FROM ${schema}.report_groups`)
      expect(rows).toEqual([{ fingerprint: 'group 7' }])
    })
  })
})

it('a schema of the previous version gets the table of groups', async () => {
  const schema = `groups_${++made}`
  await makeOldSchema(server, schema, 1)
  const [early, other] = [1, 2].map(
    () => new CheckedAdapter(new PostgresStore(server.url({ schema }))),
  )
  try {
    await expect(early?.countGroups([sighting('a')], RULES)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_UNAVAILABLE',
    })
    await other?.open()
    expect(await early?.countGroups([sighting('a')], RULES)).toMatchObject([{ isDue: true }])
  } finally {
    await Promise.all([early?.close(), other?.close()])
  }
})

/** Hands over a transaction that is left open until it is committed or given up. */
async function withTransaction(
  use: (query: (text: string) => Promise<pg.QueryResult>) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  try {
    await client.query('BEGIN')
    await use((text) => client.query(text))
  } finally {
    await client.end()
  }
}
