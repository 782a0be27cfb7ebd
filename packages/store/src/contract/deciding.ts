import assert from 'node:assert/strict'
import type { GroupChange } from '../port.js'
import { at, change, count, groupOf, MINUTE_MS } from './sighting.js'
import { assertRejects, NOON, type Requirement } from './subject.js'

const BY_ADA = { expected: 0, by: 'ada', at: NOON + 5 }

/** What holds for `changeGroup`, and for groups that are muted. */
export const deciding: readonly Requirement[] = [
  {
    name: 'a group is resolved, muted and opened again, and tells who did it and when',
    async check({ store }) {
      await count(store, { release: '1.0.0' })
      const resolved = await store.changeGroup('a', { ...BY_ADA, status: 'resolved' })
      assert.equal(resolved.isChanged, true)
      const { sampleId: _id, counts: _counts, ...found } = await groupOf(store)
      assert.deepEqual(resolved.group, found)
      assert.deepEqual(
        [found.status, found.resolvedIn, found.resolvedAt, found.revision],
        ['resolved', '1.0.0', NOON + 5, 1],
      )
      assert.deepEqual([found.changedAt, found.changedBy], [NOON + 5, 'ada'])
      const mute = { mutedUntil: NOON + 9, mutedForOccurrences: 3, reason: 'known' }
      await change(store, { by: null, at: NOON + 6, status: 'muted', ...mute })
      const muted = await groupOf(store)
      assert.deepEqual(
        [muted.status, muted.resolvedIn, muted.resolvedAt, muted.revision],
        ['muted', null, null, 2],
      )
      assert.deepEqual(
        [muted.mutedUntil, muted.mutedUntilOccurrences, muted.reason, muted.changedBy],
        [NOON + 9, 4, 'known', null],
      )
      await change(store, { status: 'open' })
      const open = await groupOf(store)
      assert.deepEqual(
        [open.status, open.mutedUntil, open.mutedUntilOccurrences, open.reason, open.revision],
        ['open', null, null, null, 3],
      )
    },
  },
  {
    name: 'what a change does not name stays, and null takes it away',
    async check({ store }) {
      await count(store)
      await change(store, { assignee: 'bob', note: 'look at the cache' })
      await change(store, { status: 'muted', reason: 'known' })
      await change(store, { note: null })
      const { status, reason, assignee, note, occurrences } = await groupOf(store)
      assert.deepEqual(
        [status, reason, assignee, note, occurrences],
        ['muted', 'known', 'bob', null, 1],
      )
      await change(store, { assignee: null })
      assert.equal((await groupOf(store)).assignee, null)
    },
  },
  {
    name: 'a change that was made from another revision changes nothing, and tells what is stored',
    async check({ store }) {
      await count(store)
      await change(store, { status: 'muted', note: 'first' })
      const late = { ...BY_ADA, status: 'open', note: 'second' } as const
      for (const expected of [0, 2]) {
        const { isChanged, group } = await store.changeGroup('a', { ...late, expected })
        assert.deepEqual([isChanged, group?.note, group?.revision], [false, 'first', 1])
      }
    },
  },
  {
    name: 'of changes at the same time exactly one wins, at each revision',
    async check({ store }) {
      await count(store)
      for (let expected = 0; expected < 3; expected++) {
        const changes = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            store.changeGroup('a', { ...BY_ADA, expected, note: `${index}` }),
          ),
        )
        const winners = changes.flatMap(({ isChanged }, index) => (isChanged ? [`${index}`] : []))
        assert.equal(winners.length, 1, `one winner, not ${JSON.stringify(winners)}`)
        const { note, revision } = await groupOf(store)
        assert.deepEqual([note, revision], [winners[0], expected + 1])
        for (const { group } of changes) assert.equal(group?.revision, expected + 1)
      }
    },
  },
  {
    name: 'sightings and changes at the same time lose nothing of each other',
    async check({ store }) {
      await count(store)
      const sightings = Array.from({ length: 20 }, () => count(store))
      const changes = Array.from({ length: 5 }, (_, expected) =>
        store.changeGroup('a', { ...BY_ADA, expected, note: `${expected}` }),
      )
      const [changed] = await Promise.all([Promise.all(changes), Promise.all(sightings)])
      const { occurrences, revision, note } = await groupOf(store)
      const made = changed.filter(({ isChanged }) => isChanged).length
      assert.deepEqual([occurrences, revision, note], [21, made, `${made - 1}`])
    },
  },
  {
    name: 'a group that is not there cannot be changed',
    async check({ store }) {
      const unknown = await store.changeGroup('none', { ...BY_ADA, status: 'muted' })
      assert.deepEqual(unknown, { isChanged: false, group: undefined })
      assert.deepEqual((await store.groups()).items, [])
    },
  },
  {
    name: 'a group is changed by the fingerprint that was counted, however long it is',
    async check({ store }) {
      for (const fingerprint of ['x'.repeat(10_000), 'a\0b', '']) {
        await count(store, { fingerprint })
        const { isChanged } = await store.changeGroup(fingerprint, { ...BY_ADA, status: 'muted' })
        assert.equal(isChanged, true)
        assert.equal((await count(store, { fingerprint })).status, 'muted')
      }
    },
  },
  {
    name: 'a wrong change is refused, and changes nothing',
    async check({ store }) {
      await count(store)
      const wrong: object[] = [
        { expected: -1 },
        { expected: undefined },
        { at: Number.NaN },
        { by: 7 },
        { status: 'regressed' },
        { status: 'resolved', mutedUntil: NOON },
        { status: 'muted', mutedForOccurrences: 0 },
        { status: 'muted', mutedForOccurrences: 1.5 },
        { status: 'muted', mutedUntil: Number.POSITIVE_INFINITY },
        { status: 'muted', resolvedIn: '1.0.0' },
        { reason: 'why' },
        { note: 7 },
        { note: 'x'.repeat(10_001) },
        { asignee: 'ada' },
      ]
      for (const given of wrong) {
        const wrongChange = { ...BY_ADA, ...given } as GroupChange
        await assertRejects(store.changeGroup('a', wrongChange), 'SCS_STORE_ERR_FILTER')
      }
      assert.equal((await groupOf(store)).revision, 0)
    },
  },
  {
    name: 'a muted group is counted and never due',
    async check({ store }) {
      await count(store)
      await change(store, { status: 'muted' })
      for (const time of [NOON, NOON + 1, NOON + 2 * MINUTE_MS]) {
        const state = await count(store, { occurrences: 10, ...at(time) })
        assert.deepEqual(
          [state.isDue, state.status, state.isRegression],
          [false, 'muted', false],
          `at ${time - NOON} ms`,
        )
      }
      const asked = await count(store, { occurrences: 0 })
      assert.deepEqual([asked.isDue, asked.occurrences, asked.suppressed], [false, 31, 30])
    },
  },
  {
    name: 'a mute that ends at a time ends with the first occurrence from then on, which is reported at once',
    async check({ store }) {
      await count(store, { occurrences: 5 })
      await change(store, { status: 'muted', mutedUntil: NOON + 100 })
      assert.equal((await count(store, at(NOON + 99))).isDue, false)
      // Who only asks has seen nothing.
      assert.equal((await count(store, { occurrences: 0, ...at(NOON + 200) })).status, 'muted')
      const over = await count(store, { firstSeenAt: NOON + 98, lastSeenAt: NOON + 100 })
      assert.deepEqual([over.isDue, over.status, over.isRegression], [true, 'open', false])
      const { revision, mutedUntil, reason } = await groupOf(store)
      assert.deepEqual([revision, mutedUntil, reason], [2, null, null])
      assert.equal((await count(store, at(NOON + 101))).isDue, true)
      assert.equal((await count(store, at(NOON + 102))).isDue, false)
    },
  },
  {
    name: 'a mute that ends after a number of occurrences ends with the last of them, also in a batch',
    async check({ store }) {
      await count(store, { occurrences: 5 })
      await change(store, { status: 'muted', mutedForOccurrences: 3 })
      assert.equal((await count(store, { occurrences: 2 })).isDue, false)
      const over = await count(store)
      assert.deepEqual([over.isDue, over.status, over.occurrences], [true, 'open', 8])
      await change(store, { status: 'muted', mutedForOccurrences: 3 })
      const batch = await count(store, { occurrences: 20 })
      assert.deepEqual([batch.isDue, batch.status, batch.suppressed], [true, 'open', 19])
    },
  },
  {
    name: 'a group whose mute is over stays due until somebody reports it',
    async check({ store }) {
      await count(store, { occurrences: 5 })
      await change(store, { status: 'muted', mutedForOccurrences: 1 })
      const held = await count(store, { canReport: false })
      assert.deepEqual([held.isDue, held.status], [false, 'open'])
      assert.equal((await count(store, { occurrences: 0 })).isDue, true)
      assert.equal((await count(store, { occurrences: 0 })).isDue, false)
    },
  },
]
