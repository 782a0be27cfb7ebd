import assert from 'node:assert/strict'
import type { GroupSighting, GroupState } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { at, count, MINUTE_MS, RULES, sighting } from './sighting.js'
import { assertRejects, NOON, type Requirement } from './subject.js'

/** What holds for `countGroups`, and for what `prune` does with groups. */
export const counting: readonly Requirement[] = [
  {
    name: 'occurrences that are counted one at a time are reported at 1, 2, 4, 8, 16',
    async check({ store }) {
      const states = await countOneByOne(store, 20)
      assert.deepEqual(dueStreaks(states), [1, 2, 4, 8, 16])
      assert.deepEqual(
        states.filter(({ isDue }) => isDue).map(({ suppressed }) => suppressed),
        [0, 0, 1, 3, 7],
      )
      assert.deepEqual(states.at(-1), {
        fingerprint: 'a',
        occurrences: 20,
        firstSeenAt: NOON,
        lastSeenAt: NOON + 19,
        streak: 20,
        dueAt: 32,
        suppressed: 4,
        isDue: false,
        status: 'open',
        isRegression: false,
      })
    },
  },
  {
    name: 'a growth of 1 reports each occurrence, and one of 1.5 at 1, 2, 3, 5, 8, 12, 18',
    async check({ store }) {
      const each = await countOneByOne(store, 5, { ...RULES, growth: 1 })
      assert.deepEqual(dueStreaks(each), [1, 2, 3, 4, 5])
      const slow = await countOneByOne(store, 20, { ...RULES, growth: 1.5 }, 'b')
      assert.deepEqual(dueStreaks(slow), [1, 2, 3, 5, 8, 12, 18])
    },
  },
  {
    name: 'many occurrences at once, past several thresholds, are one report',
    async check({ store }) {
      const state = await count(store, { occurrences: 10, lastSeenAt: NOON + 5 })
      assert.deepEqual(state, {
        fingerprint: 'a',
        occurrences: 10,
        firstSeenAt: NOON,
        lastSeenAt: NOON + 5,
        streak: 10,
        dueAt: 11,
        suppressed: 9,
        isDue: true,
        status: 'open',
        isRegression: false,
      })
      const [next] = await countOneByOne(store, 1)
      assert.deepEqual([next?.isDue, next?.suppressed, next?.dueAt], [true, 0, 22])
    },
  },
  {
    name: 'sightings of one call are answered in their order, those of one group one after the other',
    async check({ store }) {
      const names = ['b', 'a', 'b', 'b', 'c', 'a']
      const states = await store.countGroups(
        names.map((fingerprint) => sighting({ fingerprint })),
        RULES,
      )
      assert.deepEqual(
        states.map(({ fingerprint, streak, isDue }) => [fingerprint, streak, isDue]),
        [
          ['b', 1, true],
          ['a', 1, true],
          ['b', 2, true],
          ['b', 3, false],
          ['c', 1, true],
          ['a', 2, true],
        ],
      )
      assert.deepEqual(await store.countGroups([], RULES), [])
    },
  },
  {
    name: 'a group that was quiet begins a new streak, and is reported at once',
    async check({ store }) {
      await countOneByOne(store, 3)
      const last = NOON + 2
      const before = await count(store, at(last + MINUTE_MS - 1))
      assert.deepEqual([before.streak, before.isDue], [4, true])
      const after = await count(store, at(last + 2 * MINUTE_MS - 1))
      assert.deepEqual([after.streak, after.dueAt, after.isDue], [1, 2, true])
      assert.deepEqual([after.occurrences, after.firstSeenAt], [5, NOON])
    },
  },
  {
    name: 'a report that cannot be made stays due, and is not lost to the count',
    async check({ store }) {
      const held = await count(store, { canReport: false, occurrences: 3 })
      assert.deepEqual([held.isDue, held.dueAt, held.suppressed], [false, 1, 3])
      const asked = await count(store, { occurrences: 0 })
      assert.deepEqual([asked.isDue, asked.occurrences, asked.suppressed], [true, 3, 2])
      const again = await count(store, { occurrences: 0 })
      assert.deepEqual([again.isDue, again.dueAt, again.suppressed], [false, 4, 0])
    },
  },
  {
    name: 'of many who ask at once exactly one is told to report',
    async check({ store }) {
      const asked = await Promise.all(
        Array.from({ length: 20 }, () => count(store, { occurrences: 0, canReport: false })),
      )
      assert.deepEqual(dueStreaks(asked), [])
      await count(store, { occurrences: 7, canReport: false })
      const states = await Promise.all(
        Array.from({ length: 20 }, () => count(store, { occurrences: 0 })),
      )
      assert.deepEqual(dueStreaks(states), [7])
    },
  },
  {
    name: 'calls at the same time are all counted, in whatever order they name the groups',
    async check({ store }) {
      const names = Array.from({ length: 50 }, (_, index) => `group ${index}`)
      const sightings = names.map((fingerprint) => sighting({ fingerprint }))
      const batches = Array.from({ length: 20 }, (_, index) =>
        store.countGroups(index % 2 === 0 ? sightings : sightings.toReversed(), RULES),
      )
      const states = (await Promise.all(batches)).flat()
      for (const name of names) {
        const ofGroup = states.filter(({ fingerprint }) => fingerprint === name)
        const streaks = dueStreaks(ofGroup).sort((one, other) => one - other)
        assert.deepEqual(streaks, [1, 2, 4, 8, 16], name)
        assert.equal(Math.max(...ofGroup.map(({ occurrences }) => occurrences)), 20)
      }
    },
  },
  {
    name: 'sightings that arrive late move no time back',
    async check({ store }) {
      await count(store, { firstSeenAt: NOON + 10, lastSeenAt: NOON + 20 })
      const late = await count(store, { firstSeenAt: NOON, lastSeenAt: NOON + 5 })
      assert.deepEqual([late.firstSeenAt, late.lastSeenAt, late.streak], [NOON, NOON + 20, 2])
    },
  },
  {
    name: 'a fingerprint may be any text, and keeps its groups apart',
    async check({ store }) {
      const names = ["'); DROP TABLE reports;--", '{"a,b"}', '', 'NULL', 'null', 'É', 'é', 'a\0b']
      for (const fingerprint of [...names, 'x'.repeat(10_000)]) {
        const state = await count(store, { fingerprint })
        assert.deepEqual([state.fingerprint, state.occurrences], [fingerprint, 1])
      }
      const again = await count(store, { fingerprint: '{"a,b"}' })
      assert.equal(again.occurrences, 2)
    },
  },
  {
    name: 'a wrong sighting or rule is refused, and nothing of its call is counted',
    async check({ store }) {
      const wrong: Partial<GroupSighting>[] = [
        { occurrences: -1 },
        { occurrences: 0.5 },
        { firstSeenAt: Number.NaN },
        { lastSeenAt: Number.POSITIVE_INFINITY },
        { title: 7 as never },
        { kind: 'fatl' as never },
        { release: '' },
        { users: Array.from({ length: 101 }, String) },
        { users: [7 as never] },
      ]
      for (const given of wrong) {
        const call = store.countGroups([sighting(), sighting(given)], RULES)
        await assertRejects(call, 'SCS_STORE_ERR_FILTER')
      }
      for (const rules of [{ growth: 0.5 }, { growth: Number.NaN }, { quietMs: -1 }]) {
        const call = store.countGroups([sighting()], { ...RULES, ...rules })
        await assertRejects(call, 'SCS_STORE_ERR_FILTER')
      }
      assert.equal((await count(store, {})).occurrences, 1)
    },
  },
  {
    name: 'groups outlive closing and opening again, where records do',
    async check({ store, reopen }) {
      await countOneByOne(store, 3)
      if (reopen === undefined) return
      await store.close()
      const again = reopen()
      await again.open()
      try {
        const state = await count(again, at(NOON + 3))
        assert.deepEqual([state.occurrences, state.streak, state.isDue], [4, 4, true])
        assert.equal(state.suppressed, 1)
      } finally {
        await again.close()
      }
    },
  },
  {
    name: 'pruning by age forgets the groups that were not seen since, and no others',
    async check({ store }) {
      await count(store, { fingerprint: 'old' })
      await count(store, { fingerprint: 'new', ...at(NOON + 1) })
      assert.equal(await store.prune({ olderThan: NOON + 1 }), 0)
      const forgotten = await count(store, { fingerprint: 'old', ...at(NOON + 2) })
      assert.deepEqual([forgotten.occurrences, forgotten.firstSeenAt], [1, NOON + 2])
      assert.equal((await count(store, { fingerprint: 'new' })).occurrences, 2)
    },
  },
]

/** Counts single occurrences, a millisecond apart, each in a call of its own. */
async function countOneByOne(
  store: CheckedAdapter,
  occurrences: number,
  rules: typeof RULES = RULES,
  fingerprint = 'a',
): Promise<GroupState[]> {
  const states: GroupState[] = []
  for (let index = 0; index < occurrences; index++) {
    const seen = sighting({ fingerprint, ...at(NOON + index) })
    states.push(...(await store.countGroups([seen], rules)))
  }
  return states
}

/** The streaks at which a report was due. */
function dueStreaks(states: readonly GroupState[]): number[] {
  return states.filter(({ isDue }) => isDue).map(({ streak }) => streak)
}
