import { expect, it } from 'vitest'
import type { GroupSighting } from '../../src/index.js'
import { checkSightings, storableSighting } from '../../src/read/sightings.js'

const RULES = { growth: 2, quietMs: 0 }
const SEEN: GroupSighting = {
  fingerprint: 'a',
  occurrences: 1,
  firstSeenAt: 0,
  lastSeenAt: 0,
  canReport: true,
}

function refusal(given: object, rules: object = {}): string {
  try {
    checkSightings([SEEN, { ...SEEN, ...given } as GroupSighting], { ...RULES, ...rules })
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

it('each wrong field of a sighting is named, with what was expected and found', () => {
  const wrong: [object, RegExp][] = [
    [{ fingerprint: 7 }, /fingerprint: expected a text, got 7/],
    [{ occurrences: -1 }, /occurrences: expected a whole number from 0, got -1/],
    [{ firstSeenAt: undefined }, /firstSeenAt/],
    [{ canReport: 'yes' }, /canReport: expected true or false, got 'yes'/],
    [{ title: 7 }, /title: expected a text/],
    [
      { kind: 'warning' },
      /kind: expected one of fatal, non-fatal, slow, stuck, blocked, got 'warning'/,
    ],
    [{ release: '' }, /release: expected a text that is not empty/],
    [{ users: 'ada' }, /users: expected a list of at most 100 texts/],
    [{ users: [null] }, /users/],
    [{ users: Array.from({ length: 101 }, String) }, /users/],
  ]
  for (const [given, expected] of wrong) expect(refusal(given)).toMatch(expected)
  expect(refusal({}, { growth: 0.9 })).toMatch(/growth/)
  expect(refusal({}, { quietMs: Number.NaN })).toMatch(/quietMs/)
  const all = { title: '', kind: 'stuck', release: 'a', users: Array.from({ length: 100 }, String) }
  expect(refusal(all)).toBe('none')
})

it('texts are made such that any database keeps them, and a title is cut to 500 characters', () => {
  const title = `\0${'x'.repeat(498)}\u{1f600}`
  const sighting = { ...SEEN, fingerprint: 'y'.repeat(600), title, release: '\ud800' }
  expect(storableSighting(sighting)).toEqual({
    ...SEEN,
    fingerprint: 'y'.repeat(512),
    title: `\ufffd${'x'.repeat(498)}`,
    release: '\ufffd',
  })
})
