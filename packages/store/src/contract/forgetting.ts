import assert from 'node:assert/strict'
import { assertGroups, at, change, count, groupOf, HOUR_MS } from './sighting.js'
import { NOON, type Requirement } from './subject.js'

/** What holds for groups and releases when old things are removed, and when a store is opened again. */
export const forgetting: readonly Requirement[] = [
  {
    name: 'what was decided about a group is kept as long as the group, and goes with it',
    async check({ store }) {
      for (const fingerprint of ['old', 'new'])
        await count(store, { fingerprint, users: ['ada'], occurrences: 3, title: 'Error' })
      await change(store, { status: 'muted', note: 'known', assignee: 'ada' }, 'old')
      await change(store, { status: 'resolved', note: 'known' }, 'new')
      await count(store, { fingerprint: 'new', ...at(NOON + HOUR_MS) })
      await store.prune({ olderThan: NOON, kind: 'reports' })
      await store.prune({ olderThan: NOON + HOUR_MS, kind: 'reports' })
      await assertGroups(store, {}, ['new', 'old'])
      await store.prune({ olderThan: NOON + HOUR_MS })
      await assertGroups(store, {}, ['new'])
      assert.equal((await groupOf(store, 'new')).note, 'known')
      const again = await count(store, { fingerprint: 'old', ...at(NOON + 2 * HOUR_MS) })
      assert.deepEqual([again.status, again.isDue, again.occurrences], ['open', true, 1])
      const counts = { from: NOON, to: NOON + 4 * HOUR_MS, bucketMs: HOUR_MS }
      const { items } = await store.groups({ fingerprint: 'old', counts })
      const [group] = items
      assert.deepEqual(
        [group?.users, group?.note, group?.revision, group?.counts],
        [0, null, 0, [{ at: NOON + 2 * HOUR_MS, count: 1 }]],
      )
    },
  },
  {
    name: 'of a group that stays the hours go that are too old, and its people stay',
    async check({ store }) {
      await count(store, { occurrences: 3, users: ['ada'] })
      await count(store, { occurrences: 2, ...at(NOON + 3 * HOUR_MS) })
      await store.prune({ olderThan: NOON + 2 * HOUR_MS })
      const counts = { from: NOON, to: NOON + 4 * HOUR_MS, bucketMs: HOUR_MS }
      const [group] = (await store.groups({ counts })).items
      assert.deepEqual([group?.occurrences, group?.users], [5, 1])
      assert.deepEqual(group?.counts, [{ at: NOON + 3 * HOUR_MS, count: 2 }])
    },
  },
  {
    name: 'releases that were not seen since go, but for those that a group is resolved in',
    async check({ store }) {
      for (const release of ['gone', 'fixes', 'late']) await store.noteRelease(release, NOON)
      await store.noteRelease('late', NOON + HOUR_MS)
      await count(store, at(NOON + HOUR_MS))
      await change(store, { status: 'resolved', resolvedIn: 'fixes' })
      await store.prune({ olderThan: NOON + 1, kind: 'reports' })
      assert.equal((await store.releases(10)).length, 3)
      await store.prune({ olderThan: NOON + 1 })
      const left = await store.releases(10)
      assert.deepEqual(left.map(({ release }) => release).sort(), ['fixes', 'late'])
    },
  },
  {
    name: 'decisions and releases outlive closing and opening again, where records do',
    async check({ store, reopen }) {
      await count(store, { occurrences: 50, release: '1.0.0', users: ['ada'] })
      await change(store, { status: 'resolved', note: 'fixed' })
      if (reopen === undefined) return
      await store.close()
      const again = reopen()
      await again.open()
      try {
        const { note, status, users, resolvedIn } = await groupOf(again)
        assert.deepEqual([note, status, users, resolvedIn], ['fixed', 'resolved', 1, '1.0.0'])
        assert.equal((await again.releases(10)).length, 1)
        assert.equal((await count(again, { release: '1.0.1' })).isRegression, true)
      } finally {
        await again.close()
      }
    },
  },
]
