import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { CheckedAdapter, NOON, sample } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { connect, newPath } from '../processes.js'

// Real files and threads, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const RULES = { growth: 2, quietMs: 3_600_000 }
/** Written by the release with version 3 of the schema: 30 records of three kinds, three groups, a dead letter. */
const FILE = gunzipSync(readFileSync(new URL('version-3.db.gz', import.meta.url)))

function oldFile(): string {
  const path = newPath()
  writeFileSync(path, FILE, { mode: 0o600 })
  return path
}

async function open(path: string): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  return store
}

const idOf = (number: number) => `0190a1b2-c3d4-7000-8000-${String(number).padStart(12, '0')}`

describe('a file of version 3 of the schema', () => {
  it('opens with all its records, groups and dead letters', async () => {
    const store = await open(oldFile())
    const { records, deadLetters } = await store.size()
    expect([records, deadLetters]).toEqual([
      { integration_requests: 10, reports: 10, audit_events: 10, route_stats: 0 },
      1,
    ])
    expect(await store.get('integration_requests', idOf(0))).toMatchObject({
      revision: 1,
      keys: { status: 'Retried', key: 'key 0', remoteId: 'remote 0' },
      stamps: { 'keys.status': 5 },
    })
    const { items } = await store.groups({
      counts: { from: NOON, to: NOON + 3_600_000, bucketMs: 3_600_000 },
    })
    expect(items.map((group) => [group.title, group.status, group.occurrences])).toEqual([
      ['group 2', 'open', 5],
      ['group 1', 'open', 4],
      ['group 0', 'open', 3],
    ])
    expect(items[0]).toMatchObject({ sampleId: idOf(22), users: 0, revision: 0, counts: [] })
    expect((await store.groups({ status: 'open', text: 'OUP 1' })).items).toHaveLength(1)
  })

  it('takes what is new: keys of its old records, and decisions about its groups', async () => {
    const store = await open(oldFile())
    const keys = { service: 'pay', route: 'GET /a', release: '1.0.0', traceId: 'a'.repeat(32) }
    await store.insert([
      sample({ kind: 'reports', id: idOf(1), createdAt: NOON + 1_000, revision: 5, keys }),
      sample({ kind: 'route_stats', keys: { route: 'GET /a' } }),
    ])
    for (const filter of [{ route: 'GET /a' }, { release: '1.0.0' }, { traceId: 'a'.repeat(32) }]) {
      const { items } = await store.find('reports', filter)
      expect(items.map(({ id }) => id)).toEqual([idOf(1)])
    }
    const change = { expected: 0, by: 'ada', at: NOON, status: 'muted', reason: 'known' } as const
    expect(await store.changeGroup('group 1', change)).toMatchObject({
      isChanged: true,
      group: { status: 'muted', occurrences: 4 },
    })
    const sighting = { fingerprint: 'group 1', occurrences: 1, firstSeenAt: NOON, lastSeenAt: NOON }
    const [state] = await store.countGroups([{ ...sighting, canReport: true }], RULES)
    expect(state).toMatchObject({ status: 'muted', isDue: false, occurrences: 5 })
    await store.prune({ olderThan: NOON + 86_400_000 })
    expect((await store.groups()).items).toEqual([])
  })

  it('keeps what was decided about a group that a process of version 3 goes on counting', async () => {
    const path = oldFile()
    const old = connect(path)
    const store = await open(path)
    const change = { expected: 0, by: 'ada', at: NOON, status: 'muted' } as const
    await store.changeGroup('group 1', change)
    // The statement of that version.
    old
      .prepare(`INSERT OR REPLACE INTO report_groups
      (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
      VALUES (?, ?, ?, ?, ?, ?, ?)`)
      .run('group 1', 9, NOON, NOON, 9, 16, 0)
    const { items } = await store.groups({ fingerprint: 'group 1' })
    expect(items).toMatchObject([{ status: 'muted', occurrences: 9, changedBy: 'ada' }])
  })

  it('has the same schema afterwards as a new file', async () => {
    const [old, made] = [oldFile(), newPath()]
    await open(old)
    await open(made)
    const schemaOf = (path: string) =>
      connect(path)
        .prepare('SELECT name, sql FROM sqlite_master ORDER BY name')
        .all()
        .map((row) => ({ ...(row as object) }))
    expect(schemaOf(old)).toEqual(schemaOf(made))
  })
})
