import assert from 'node:assert/strict'
import type { CheckedAdapter } from '../checked-adapter.js'
import { change, count, groupOf, RULES, sighting } from './sighting.js'
import { assertRejects, findAll, NOON, type Requirement, sample } from './subject.js'

const READ_ONLY = 'SCS_STORE_ERR_READ_ONLY'

/** What holds for a store that is opened with `readOnly`, and for reads that take too long. */
export const readingOnly: readonly Requirement[] = [
  {
    name: 'a store that only reads finds what another one has written, also while that one writes',
    async check({ store, reopen }) {
      const record = sample({ kind: 'reports', keys: { fingerprint: 'a', service: 'pay' } })
      await store.insert([record])
      await count(store, { release: '1.0.0' })
      await change(store, { status: 'muted' })
      const reader = reopen?.({ readOnly: true })
      if (reader === undefined) return
      await reader.open()
      try {
        assert.equal((await reader.get('reports', record.id))?.id, record.id)
        const later = sample({ kind: 'reports' })
        await store.insert([later])
        assert.equal((await findAll(reader, 'reports')).length, 2)
        const { sampleId, status } = await groupOf(reader)
        assert.deepEqual([sampleId, status], [record.id, 'muted'])
        const query = { from: NOON, to: NOON + 60_000 }
        assert.equal((await reader.tally('reports', { by: 'service', ...query })).total, 1)
        assert.equal((await reader.buckets('reports', { ...query, bucketMs: 60_000 })).length, 1)
        assert.deepEqual(await reader.routeStats(query), [])
        assert.equal((await reader.releases(10)).length, 1)
        assert.equal((await reader.size()).records.reports, 2)
        await refusesWrites(reader)
        assert.equal((await groupOf(store)).occurrences, 1)
      } finally {
        await reader.close()
      }
    },
  },
  {
    name: 'opening for reading fails where no store is, and leaves nothing there',
    async check({ absent }) {
      if (absent === undefined) return
      for (let attempt = 0; attempt < 2; attempt++) {
        const reader = absent({ readOnly: true })
        await assert.rejects(reader.open(), (error: unknown) => {
          assert.ok(error instanceof Error && 'code' in error, 'a coded error')
          assert.match(String(error.code), /^SCS_STORE_ERR_/)
          return true
        })
        await reader.close()
      }
    },
  },
  {
    name: 'a read that takes longer than it may is ended, and the next one is answered',
    setup: { queryTimeoutMs: 100 },
    async check({ store, slowRead }) {
      const record = sample()
      await store.insert([record])
      if (slowRead === undefined) return
      await assertRejects(slowRead(), 'SCS_STORE_ERR_QUERY_TIMEOUT')
      assert.equal((await store.get(record.kind, record.id))?.id, record.id)
      await store.insert([sample()])
      assert.equal((await findAll(store, record.kind)).length, 2)
    },
  },
]

async function refusesWrites(store: CheckedAdapter): Promise<void> {
  const change = { expected: 0, by: 'ada', at: NOON, status: 'open' } as const
  await assertRejects(store.insert([sample()]), READ_ONLY)
  await assertRejects(store.compareAndSet([{ record: sample(), expected: undefined }]), READ_ONLY)
  await assertRejects(store.insertDeadLetter(sample(), 'why'), READ_ONLY)
  await assertRejects(store.countGroups([sighting()], RULES), READ_ONLY)
  await assertRejects(store.changeGroup('a', change), READ_ONLY)
  await assertRejects(store.noteRelease('1.0.0', NOON), READ_ONLY)
  await assertRejects(store.prune({ olderThan: NOON }), READ_ONLY)
  const step = { user: 'ada', part: 'reports', pseudonym: 'x', limit: 1 } as const
  await assertRejects(store.forgetUser(step), READ_ONLY)
  assert.equal(store.insertSync([[sample()]], 1_000), false)
}
