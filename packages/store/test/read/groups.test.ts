import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changedGroup,
  countSighting,
  type GroupChange,
  type GroupSighting,
  type KeptGroup,
} from '../../src/index.js'

const RULES = { growth: 2, quietMs: 1_000 }
const RELEASES = ['1.0.0', '1.1.0', '1.2.0-rc.1', 'a1b2c3', 'd4e5f6']
const TIMES = new Map(RELEASES.map((release, index) => [release, index * 100]))

const time = fc.integer({ min: 0, max: 5_000 })
const release = fc.constantFrom(...RELEASES)

const sightings: fc.Arbitrary<GroupSighting> = fc.record(
  {
    fingerprint: fc.constant('a'),
    occurrences: fc.integer({ min: 0, max: 5 }),
    firstSeenAt: time,
    lastSeenAt: time,
    canReport: fc.boolean(),
    release,
  },
  { requiredKeys: ['fingerprint', 'occurrences', 'firstSeenAt', 'lastSeenAt', 'canReport'] },
)

type Decision = Omit<GroupChange, 'expected'>

const decisions: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({ by: fc.constant('ada'), at: time, status: fc.constant('open' as const) }),
  fc.record(
    {
      by: fc.constant('ada'),
      at: time,
      status: fc.constant('resolved' as const),
      resolvedIn: release,
    },
    { requiredKeys: ['by', 'at', 'status'] },
  ),
  fc.record({
    by: fc.constant('ada'),
    at: time,
    status: fc.constant('muted' as const),
    mutedUntil: fc.option(time),
    mutedForOccurrences: fc.option(fc.integer({ min: 1, max: 20 })),
  }),
  fc.record({ by: fc.constant('ada'), at: time, note: fc.string() }),
)

const steps = fc.array(fc.oneof(sightings, decisions), { maxLength: 40 })

/** Applies a step; who decides has seen the group as it is. */
function after(group: KeptGroup | undefined, step: GroupSighting | Decision) {
  if ('occurrences' in step) return countSighting(group, step, RULES, TIMES)
  if (group === undefined) return undefined
  const kept = changedGroup(group, { ...step, expected: group.revision }, 'd4e5f6')
  return kept && { kept, told: undefined }
}

describe('whatever is seen and decided of a group', () => {
  it('a muted one is never due, only a resolved one regresses, and each state is a revision of its own', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let group: KeptGroup | undefined
        for (const step of all) {
          const next = after(group, step)
          if (next === undefined) continue
          const { kept, told } = next
          if (told !== undefined) {
            if (kept.status === 'muted') expect(told.isDue).toBe(false)
            if (told.isRegression)
              expect([group?.status, kept.status]).toEqual(['resolved', 'regressed'])
            if (kept.status === 'regressed' && group?.status !== 'regressed')
              expect(told.isRegression).toBe(true)
            const isOther = group !== undefined && group.status !== kept.status
            expect(kept.revision - (group?.revision ?? 0)).toBe(isOther ? 1 : 0)
            expect(kept.occurrences).toBeGreaterThanOrEqual(group?.occurrences ?? 0)
            expect(told.suppressed).toBeGreaterThanOrEqual(0)
          } else expect(kept.revision).toBe((group?.revision ?? 0) + 1)
          expect((kept.reason ?? kept.mutedUntil ?? kept.mutedUntilOccurrences) !== null).toBe(
            kept.status === 'muted' &&
              (kept.reason ?? kept.mutedUntil ?? kept.mutedUntilOccurrences) !== null,
          )
          expect(kept.resolvedAt !== null).toBe(['resolved', 'regressed'].includes(kept.status))
          group = kept
        }
      }),
    )
  })

  it('a group that regresses, or whose mute is over, is due until it is reported', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let group: KeptGroup | undefined
        let isOwed = false
        for (const step of all) {
          const next = after(group, step)
          if (next === undefined) continue
          const { kept, told } = next
          const isAgain = group !== undefined && group.status !== kept.status
          if (told !== undefined && isAgain) isOwed = true
          if (told?.isDue === true) isOwed = false
          if (kept.status !== 'muted' && isOwed) {
            const ask = { fingerprint: 'a', occurrences: 0, canReport: true }
            const at = { firstSeenAt: kept.lastSeenAt, lastSeenAt: kept.lastSeenAt }
            expect(countSighting(kept, { ...ask, ...at }, RULES, TIMES).told.isDue).toBe(true)
          }
          // Who decides about a group has looked at it.
          if (told === undefined) isOwed = false
          group = kept
        }
      }),
    )
  })

  it('occurrences one by one come to the same state as all of them at once', () => {
    fc.assert(
      fc.property(steps, sightings, (all, last) => {
        let group: KeptGroup | undefined
        for (const step of all) group = after(group, step)?.kept ?? group
        const seen = { ...last, firstSeenAt: last.lastSeenAt, canReport: false }
        const atOnce = countSighting(group, seen, RULES, TIMES).kept
        let oneByOne = countSighting(group, { ...seen, occurrences: 0 }, RULES, TIMES).kept
        for (let index = 0; index < seen.occurrences; index++)
          oneByOne = countSighting(oneByOne, { ...seen, occurrences: 1 }, RULES, TIMES).kept
        const { status, occurrences, revision, lastRelease, suppressed, lastSeenAt } = atOnce
        expect(oneByOne).toMatchObject({ status, occurrences, revision, lastRelease, suppressed })
        expect(oneByOne.lastSeenAt).toBe(seen.occurrences === 0 ? atOnce.lastSeenAt : lastSeenAt)
      }),
    )
  })

  it('a change from another revision is not made', () => {
    fc.assert(
      fc.property(steps, decisions, fc.integer({ min: 0, max: 99 }), (all, change, expected) => {
        let group: KeptGroup | undefined
        for (const step of all) group = after(group, step)?.kept ?? group
        if (group === undefined) return
        const made = changedGroup(group, { ...change, expected }, null)
        expect(made !== undefined).toBe(expected === group.revision)
      }),
    )
  })
})

describe('a group that is resolved without a release', () => {
  const group = (lastRelease: string | null): KeptGroup => {
    const at = { firstSeenAt: 1, lastSeenAt: 1, occurrences: 1, canReport: true }
    const seen = lastRelease === null ? {} : { release: lastRelease }
    return countSighting(undefined, { fingerprint: 'a', ...at, ...seen }, RULES, TIMES).kept
  }
  const resolvedIn = (newest: string | null, last: string | null) =>
    changedGroup(group(last), { expected: 0, by: null, at: 2, status: 'resolved' }, newest)
      ?.resolvedIn

  it('is resolved in the one that began last, or in a newer version that it was seen in', () => {
    expect(resolvedIn(null, null)).toBe(null)
    expect(resolvedIn(null, '1.0.0')).toBe('1.0.0')
    expect(resolvedIn('1.0.0', null)).toBe('1.0.0')
    expect(resolvedIn('2.0.0', '1.0.0')).toBe('2.0.0')
    expect(resolvedIn('1.0.1', '2.0.0')).toBe('2.0.0')
    expect(resolvedIn('b', 'a')).toBe('b')
    expect(resolvedIn('1.0.0', 'a')).toBe('1.0.0')
  })
})
