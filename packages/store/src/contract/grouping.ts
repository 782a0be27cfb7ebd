import assert from 'node:assert/strict'
import { assertGroups, at, change, count, groupOf, HOUR_MS } from './sighting.js'
import { assertRejects, NOON, type Requirement, sample } from './subject.js'

/** What holds for `groups`. */
export const grouping: readonly Requirement[] = [
  {
    name: 'a group that is found has what was seen of it, and nothing that nobody has decided',
    async check({ store }) {
      await count(store, { title: 'Error: 1', kind: 'non-fatal', release: '1.0.0', ...at(NOON) })
      const later = { title: 'Error: 2', kind: 'fatal', release: '1.1.0', ...at(NOON + 9) } as const
      await count(store, { ...later, occurrences: 4, users: ['ada', 'bob', 'ada'] })
      await count(store, { occurrences: 0, title: 'Error: 3', ...at(NOON + 99) })
      assert.deepEqual(await groupOf(store), {
        fingerprint: 'a',
        title: 'Error: 3',
        kind: 'fatal',
        status: 'open',
        occurrences: 5,
        firstSeenAt: NOON,
        lastSeenAt: NOON + 9,
        streak: 5,
        dueAt: 6,
        suppressed: 0,
        users: 2,
        firstRelease: '1.0.0',
        lastRelease: '1.1.0',
        resolvedIn: null,
        resolvedAt: null,
        mutedUntil: null,
        mutedUntilOccurrences: null,
        reason: null,
        assignee: null,
        note: null,
        revision: 0,
        changedAt: null,
        changedBy: null,
        sampleId: null,
        counts: [],
      })
    },
  },
  {
    name: 'a group of which nothing but its occurrences is told has its fingerprint as its title',
    async check({ store }) {
      await count(store, { fingerprint: 'TypeError at a.ts:1' })
      const { title, kind, firstRelease, users } = await groupOf(store, 'TypeError at a.ts:1')
      assert.deepEqual([title, kind, firstRelease, users], ['TypeError at a.ts:1', null, null, 0])
    },
  },
  {
    name: 'each field of a filter finds what has it, and all hold together',
    async check({ store }) {
      const kinds = ['fatal', 'non-fatal', 'slow', 'stuck'] as const
      for (const [index, kind] of kinds.entries()) {
        const title = ['ÉCOLE 100% of a_b', 'école 100 of aXb', 'Slow', ''][index] ?? ''
        const release = index < 2 ? '1.0.0' : '2.0.0'
        await count(store, { fingerprint: kind, kind, title, release, ...at(NOON + index * 1_000) })
        await count(store, { fingerprint: kind, ...at(NOON + index * 1_000 + 500) })
      }
      await count(store, { fingerprint: 'none', ...at(NOON - 1) })
      await change(store, { status: 'muted', assignee: 'ada' }, 'slow')
      await change(store, { status: 'resolved', assignee: 'bob' }, 'stuck')
      await assertGroups(store, {}, ['stuck', 'slow', 'non-fatal', 'fatal', 'none'])
      await assertGroups(store, { fingerprint: 'slow' }, ['slow'])
      await assertGroups(store, { fingerprint: 'slo' }, [])
      await assertGroups(store, { status: 'open' }, ['non-fatal', 'fatal', 'none'])
      await assertGroups(store, { status: ['muted', 'resolved'] }, ['stuck', 'slow'])
      await assertGroups(store, { status: 'regressed' }, [])
      await assertGroups(store, { status: [] }, [])
      await assertGroups(store, { kind: 'stuck' }, ['stuck'])
      await assertGroups(store, { kind: ['fatal', 'slow'] }, ['slow', 'fatal'])
      await assertGroups(store, { kind: [] }, [])
      await assertGroups(store, { firstRelease: '1.0.0' }, ['non-fatal', 'fatal'])
      await assertGroups(store, { assignee: 'ada' }, ['slow'])
      await assertGroups(store, { text: 'École' }, ['non-fatal', 'fatal'])
      await assertGroups(store, { text: '100%' }, ['fatal'])
      await assertGroups(store, { text: 'A_B' }, ['fatal'])
      await assertGroups(store, { seenFrom: NOON + 2_500 }, ['stuck', 'slow'])
      await assertGroups(store, { seenFrom: new Date(NOON + 3_501) }, [])
      await assertGroups(store, { newFrom: NOON + 2_000 }, ['stuck', 'slow'])
      await assertGroups(store, { newFrom: new Date(NOON + 2_001).toISOString() }, ['stuck'])
      const all = { status: 'open', kind: 'fatal', text: 'of', seenFrom: NOON } as const
      await assertGroups(store, { ...all, newFrom: NOON, firstRelease: '1.0.0' }, ['fatal'])
      await assertGroups(store, { ...all, assignee: 'ada' }, [])
    },
  },
  {
    name: 'groups come by when they were seen last or first, or by occurrences, the highest first',
    async check({ store }) {
      await count(store, { fingerprint: 'x', occurrences: 5, ...at(NOON) })
      await count(store, { fingerprint: 'y', occurrences: 9, ...at(NOON + 1) })
      await count(store, { fingerprint: 'z', occurrences: 1, ...at(NOON + 2) })
      await count(store, { fingerprint: 'x', occurrences: 1, ...at(NOON + 3) })
      await assertGroups(store, {}, ['x', 'z', 'y'])
      await assertGroups(store, { order: 'lastSeen' }, ['x', 'z', 'y'])
      await assertGroups(store, { order: 'firstSeen' }, ['z', 'y', 'x'])
      await assertGroups(store, { order: 'occurrences' }, ['y', 'x', 'z'])
    },
  },
  {
    name: 'pages of groups have no gaps or repeats, also where the values are equal, while new ones arrive',
    async check({ store }) {
      const names = ['B', 'a', '_', '1', 'é', 'Z', 'ab', 'A', 'aB', 'x'.repeat(600)]
      for (const fingerprint of names) await count(store, { fingerprint })
      // By their code units, whatever a database's language is.
      const expected = names
        .map((name) => name.slice(0, 512))
        .sort()
        .reverse()
      for (const order of ['lastSeen', 'firstSeen', 'occurrences'] as const)
        for (const limit of [1, 3, 9, 10, 11]) await assertGroups(store, { order, limit }, expected)
      const first = await store.groups({ limit: 5 })
      await count(store, { fingerprint: 'zz', ...at(NOON + 1) })
      const next = await store.groups({ limit: 5, cursor: first.nextCursor ?? '' })
      const found = [...first.items, ...next.items].map(({ fingerprint }) => fingerprint)
      assert.deepEqual([found, next.nextCursor], [expected, undefined])
    },
  },
  {
    name: 'a group names its newest report that is stored',
    async check({ store }) {
      await count(store, { fingerprint: 'a' })
      await count(store, { fingerprint: 'b', ...at(NOON + 1) })
      const reportOf = (fingerprint: string, createdAt: number) =>
        sample({ kind: 'reports', keys: { fingerprint }, createdAt })
      const newest = reportOf('a', NOON + 7)
      await store.insert([reportOf('a', NOON), newest, reportOf('a', NOON + 6)])
      await store.insert([sample({ keys: { fingerprint: 'b' } })])
      assert.equal((await groupOf(store, 'a')).sampleId, newest.id)
      assert.equal((await groupOf(store, 'b')).sampleId, null)
      const { items } = await store.groups()
      assert.deepEqual(
        items.map(({ sampleId }) => sampleId),
        [null, newest.id],
      )
    },
  },
  {
    name: 'occurrences are counted by hours, which add up to wider spans',
    async check({ store }) {
      for (const [hour, occurrences] of [3, 0, 2, 1, 0, 0, 4].entries())
        await count(store, { occurrences, ...at(NOON + hour * HOUR_MS + 59 * 60_000) })
      await count(store, { occurrences: 10, ...at(NOON + HOUR_MS * 2) })
      await count(store, { fingerprint: 'b', ...at(NOON) })
      const to = NOON + 6 * HOUR_MS
      const countsOf = async (bucketMs: number, from = NOON) => {
        const { items } = await store.groups({ fingerprint: 'a', counts: { from, to, bucketMs } })
        return items[0]?.counts.map(({ at: time, count: found }) => [
          (time - NOON) / HOUR_MS,
          found,
        ])
      }
      assert.deepEqual(await countsOf(HOUR_MS), [
        [0, 3],
        [2, 12],
        [3, 1],
      ])
      assert.deepEqual(await countsOf(3 * HOUR_MS), [
        [0, 15],
        [3, 1],
      ])
      assert.deepEqual(await countsOf(2 * HOUR_MS, NOON + HOUR_MS), [
        [1, 12],
        [3, 1],
      ])
      const { items } = await store.groups({ counts: { from: NOON, to, bucketMs: HOUR_MS } })
      assert.deepEqual(
        items.map(({ fingerprint, counts }) => [fingerprint, counts.length]),
        [
          ['a', 3],
          ['b', 1],
        ],
      )
    },
  },
  {
    name: 'of the people of a group each is counted once, and up to 1,000',
    async check({ store }) {
      const people = Array.from({ length: 1_050 }, (_, index) => `user ${index}`)
      await count(store, { users: people.slice(0, 100) })
      await count(store, { users: people.slice(50, 150) })
      await count(store, { fingerprint: 'b', users: ['user 1', '\0', '', 'é'.repeat(9_000)] })
      assert.equal((await groupOf(store)).users, 150)
      assert.equal((await groupOf(store, 'b')).users, 4)
      for (let from = 100; from < 1_050; from += 100)
        await count(store, { users: people.slice(from, from + 100) })
      assert.equal((await groupOf(store)).users, 1_000)
    },
  },
  {
    name: 'texts of a group are kept as any database can keep them',
    async check({ store }) {
      const title = `a\0\ud800${'x'.repeat(497)}\u{1f600}`
      await count(store, { title, release: 'r\0', ...at(NOON) })
      await change(store, { note: 'n\0', assignee: 'a\ud800', status: 'muted', reason: '\0' })
      const group = await groupOf(store)
      assert.equal(group.title, `a\ufffd\ufffd${'x'.repeat(497)}`)
      assert.deepEqual(
        [group.firstRelease, group.note, group.assignee, group.reason],
        ['r\ufffd', 'n\ufffd', 'a\ufffd', '\ufffd'],
      )
      await assertGroups(store, { text: 'A\0', assignee: 'a\ud800', firstRelease: 'r\0' }, ['a'])
    },
  },
  {
    name: 'a wrong filter for groups is refused',
    async check({ store }) {
      const counts = { from: NOON, to: NOON + HOUR_MS, bucketMs: HOUR_MS }
      const wrong: object[] = [
        { status: 'muted!' },
        { kind: ['fatal', 'x'] },
        { order: 'title' },
        { limit: 0 },
        { limit: 201 },
        { cursor: 'x' },
        { seenFrom: 'yesterday' },
        { newFrom: {} },
        { text: 7 },
        { assignee: null },
        { fingerprnt: 'a' },
        { counts: { ...counts, bucketMs: HOUR_MS / 2 } },
        { counts: { ...counts, to: NOON + 1_001 * HOUR_MS } },
        { counts: { ...counts, to: NOON - 1 } },
        { counts: 7 },
      ]
      for (const filter of wrong) await assertRejects(store.groups(filter), 'SCS_STORE_ERR_FILTER')
    },
  },
]
