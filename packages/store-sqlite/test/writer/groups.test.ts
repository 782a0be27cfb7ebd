import type { GroupSighting } from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { numbered } from '../build-app.js'
import { makeOldFile } from '../old-file.js'
import { connect, newPath, start, upTo } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const RULES = { growth: 2, quietMs: 3_600_000 }

async function openStore(path: string): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  return store
}

function seen(fingerprint: string, at = Date.now(), occurrences = 1): GroupSighting {
  return { fingerprint, occurrences, firstSeenAt: at, lastSeenAt: at, canReport: true }
}

describe('groups of like reports', () => {
  it('are counted together by several processes, and one of them is told to report', async () => {
    const path = newPath()
    const counters = upTo(3).map(() => start('counter', path, '1000'))
    for (const counter of counters) await counter.untilSaid('ready')
    for (const { child } of counters) child.stdin?.write('\n')
    expect(await Promise.all(counters.map((counter) => counter.ended()))).toEqual([0, 0, 0])
    const due = counters.flatMap((counter) => {
      // Node 22 warns of node:sqlite in between.
      const [line = ''] = /\[[\d,]*\]/.exec(counter.output()) ?? []
      return JSON.parse(line) as number[]
    })
    expect(due.sort((one, other) => one - other)).toEqual(upTo(12).map((power) => 2 ** power))
    const store = await openStore(path)
    const [state] = await store.countGroups([seen('f')], RULES)
    expect(state).toMatchObject({
      occurrences: 3_001,
      streak: 3_001,
      dueAt: 4_096,
      suppressed: 953,
    })
  })

  it('that were not seen since the limit are removed by pruning, which counts only records', async () => {
    const store = await openStore(newPath())
    const limit = Date.now() - 10_000
    const old = upTo(1_200).map((index) => seen(`old ${index}`, limit - 1))
    await store.countGroups([...old, seen('new', limit)], RULES)
    await store.insert(numbered(10))
    expect(await store.prune({ olderThan: limit })).toBe(0)
    const states = await store.countGroups([...old, seen('new')], RULES)
    expect(states.slice(0, -1).every(({ occurrences }) => occurrences === 1)).toBe(true)
    expect(states.at(-1)?.occurrences).toBe(2)
  })

  it('get their table in a file of an earlier version', async () => {
    const path = newPath()
    makeOldFile(path, [{ n: 1 }], Date.now())
    const file = connect(path)
    file.exec('DROP TABLE report_groups; PRAGMA user_version = 1')
    const next = await openStore(path)
    expect(await next.countGroups([seen('f')], RULES)).toMatchObject([{ occurrences: 1 }])
    expect((await next.size()).records.integration_requests).toBe(1)
  })
})
