import assert from 'node:assert/strict'
import { at, change, count, groupOf, sighting } from './sighting.js'
import { assertRejects, NOON, type Requirement } from './subject.js'

const FIXED = { status: 'resolved', resolvedIn: '1.2.0', at: NOON } as const

/** What holds for groups that are resolved, and for releases. */
export const regressing: readonly Requirement[] = [
  {
    name: 'a resolved group that comes again in the same release or an older one stays resolved',
    async check({ store }) {
      await count(store, { release: '1.1.0' })
      await change(store, FIXED)
      for (const release of ['1.1.0', '1.2.0', '1.2.0-rc.1', '1.2.0', '0.9.0']) {
        const state = await count(store, { release, ...at(NOON + 10) })
        assert.deepEqual([state.status, state.isRegression], ['resolved', false], release)
      }
    },
  },
  {
    name: 'in a newer release it regresses, exactly once, and is reported at once',
    async check({ store }) {
      await count(store, { occurrences: 50, release: '1.1.0' })
      await count(store, { release: '1.1.0' })
      await change(store, FIXED)
      assert.equal((await count(store, { release: '1.2.0' })).isDue, false)
      const regressed = await count(store, { release: '1.10.0', occurrences: 3 })
      assert.deepEqual(
        [regressed.status, regressed.isRegression, regressed.isDue, regressed.streak],
        ['regressed', true, true, 3],
      )
      const next = await count(store, { release: '1.11.0', ...at(NOON + 1) })
      assert.deepEqual([next.status, next.isRegression], ['regressed', false])
      const { revision, resolvedIn, lastRelease } = await groupOf(store)
      assert.deepEqual([revision, resolvedIn, lastRelease], [2, '1.2.0', '1.11.0'])
    },
  },
  {
    name: 'of many sightings at the same time, in one call and in many, one is the regression and one is due',
    async check({ store }) {
      // With these rules only the regression is due, whichever occurrence the database counts first.
      const rules = { growth: 1_000_000, quietMs: 60_000 }
      await store.countGroups([sighting({ occurrences: 50, release: '1.1.0' })], rules)
      await change(store, FIXED)
      const calls = Array.from({ length: 20 }, (_, index) =>
        store.countGroups(
          Array.from({ length: 3 }, () => ({
            fingerprint: 'a',
            occurrences: 1,
            ...at(NOON + 1),
            canReport: true,
            release: index % 2 === 0 ? '1.3.0' : '1.2.0',
          })),
          rules,
        ),
      )
      const states = (await Promise.all(calls)).flat()
      assert.equal(states.filter(({ isRegression }) => isRegression).length, 1)
      assert.equal(states.filter(({ isDue }) => isDue).length, 1)
      assert.equal((await groupOf(store)).occurrences, 110)
      assert.equal((await groupOf(store)).revision, 2)
    },
  },
  {
    name: 'a regression that cannot be reported stays due',
    async check({ store }) {
      await count(store, { occurrences: 50, release: '1.1.0' })
      await change(store, FIXED)
      const held = await count(store, { release: '2.0.0', canReport: false })
      assert.deepEqual([held.isRegression, held.isDue], [true, false])
      const asked = await count(store, { occurrences: 0 })
      assert.deepEqual([asked.isRegression, asked.isDue, asked.status], [false, true, 'regressed'])
      assert.equal((await count(store, { occurrences: 0 })).isDue, false)
    },
  },
  {
    name: 'two releases that run at the same time do not fight over a group',
    async check({ store }) {
      await count(store, { release: '1.1.0' })
      await change(store, FIXED)
      const seen = async (release: string) => (await count(store, { release })).status
      assert.deepEqual([await seen('1.1.0'), await seen('1.2.0')], ['resolved', 'resolved'])
      assert.equal((await count(store, { release: '1.3.0' })).isRegression, true)
      for (const release of ['1.1.0', '1.3.0', '1.2.0', '1.3.0']) {
        const state = await count(store, { release })
        assert.deepEqual([state.status, state.isRegression], ['regressed', false], release)
      }
      await change(store, { status: 'resolved', resolvedIn: '1.4.0' })
      assert.deepEqual([await seen('1.3.0'), await seen('1.4.0')], ['resolved', 'resolved'])
      assert.equal((await count(store, { release: '1.4.1' })).isRegression, true)
    },
  },
  {
    name: 'a change that was made before a group regressed is not made after it',
    async check({ store }) {
      await count(store, { release: '1.1.0' })
      await change(store, FIXED)
      const { revision: expected } = await groupOf(store)
      await count(store, { release: '1.3.0' })
      const mute = { expected, by: 'ada', at: NOON, status: 'muted' } as const
      const { isChanged, group } = await store.changeGroup('a', mute)
      assert.deepEqual([isChanged, group?.status], [false, 'regressed'])
    },
  },
  {
    name: 'releases that are no versions are told apart by when they began',
    async check({ store }) {
      await store.noteRelease('9f8e7d6', NOON - 2_000)
      await store.noteRelease('1a2b3c4', NOON - 1_000)
      await count(store, { release: '9f8e7d6' })
      await change(store, { status: 'resolved' })
      assert.equal((await groupOf(store)).resolvedIn, '1a2b3c4')
      assert.equal(
        (await count(store, { release: '9f8e7d6', ...at(NOON + 10) })).status,
        'resolved',
      )
      assert.equal(
        (await count(store, { release: '1a2b3c4', ...at(NOON + 11) })).status,
        'resolved',
      )
      const newer = await count(store, { release: '0c0c0c0', ...at(NOON + 12) })
      assert.deepEqual([newer.status, newer.isRegression], ['regressed', true])
    },
  },
  {
    name: 'where no releases are known, a resolved group regresses with what is seen later',
    async check({ store }) {
      await count(store, at(NOON - 10))
      await change(store, { status: 'resolved', at: NOON })
      assert.equal((await groupOf(store)).resolvedIn, null)
      assert.equal((await count(store, at(NOON - 5))).status, 'resolved')
      assert.equal((await count(store, at(NOON))).status, 'resolved')
      assert.equal((await count(store, { occurrences: 0, ...at(NOON + 9) })).status, 'resolved')
      const later = await count(store, { firstSeenAt: NOON - 5, lastSeenAt: NOON + 1 })
      assert.deepEqual([later.status, later.isRegression, later.isDue], ['regressed', true, true])
    },
  },
  {
    name: 'a group is resolved in the newest release by default, which its own last one may be',
    async check({ store }) {
      await store.noteRelease('1.0.0', NOON)
      await count(store, { release: '2.0.0' })
      await store.noteRelease('1.0.1', NOON + 1_000)
      await change(store, { status: 'resolved' })
      assert.equal((await groupOf(store)).resolvedIn, '2.0.0')
      assert.equal((await count(store, { release: '2.0.0', ...at(NOON + 9) })).status, 'resolved')
      await change(store, { status: 'resolved', resolvedIn: null, at: NOON + 20 })
      assert.equal((await groupOf(store)).resolvedIn, null)
    },
  },
  {
    name: 'releases are noted with the first and the last time that they were seen, the newest first',
    async check({ store }) {
      assert.deepEqual(await store.releases(10), [])
      await store.noteRelease('b', NOON + 5)
      await store.noteRelease('a', NOON + 9)
      await store.noteRelease('b', NOON + 20)
      await store.noteRelease('b', NOON + 7)
      await store.noteRelease('c', NOON + 1)
      await store.noteRelease('c', NOON)
      await count(store, { release: 'd', firstSeenAt: NOON - 3, lastSeenAt: NOON - 1 })
      assert.deepEqual(await store.releases(10), [
        { release: 'a', firstSeenAt: NOON + 9, lastSeenAt: NOON + 9 },
        { release: 'b', firstSeenAt: NOON + 5, lastSeenAt: NOON + 20 },
        { release: 'c', firstSeenAt: NOON, lastSeenAt: NOON + 1 },
        { release: 'd', firstSeenAt: NOON - 3, lastSeenAt: NOON - 1 },
      ])
      assert.deepEqual(
        (await store.releases(2)).map(({ release }) => release),
        ['a', 'b'],
      )
      const noted = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.noteRelease('e', NOON + 100 + index)),
      )
      assert.equal(noted.length, 10)
      assert.deepEqual(await store.releases(1), [
        { release: 'e', firstSeenAt: NOON + 100, lastSeenAt: NOON + 109 },
      ])
    },
  },
  {
    name: 'a wrong release, time or limit is refused',
    async check({ store }) {
      const code = 'SCS_STORE_ERR_FILTER'
      await assertRejects(store.noteRelease('', NOON), code)
      await assertRejects(store.noteRelease(7 as never, NOON), code)
      for (const wrong of [-1, 0.5, Number.NaN]) {
        await assertRejects(store.noteRelease('a', wrong), code)
        await assertRejects(store.releases(wrong), code)
      }
      await assertRejects(store.releases(1_001), code)
      assert.deepEqual(await store.releases(1_000), [])
    },
  },
]
