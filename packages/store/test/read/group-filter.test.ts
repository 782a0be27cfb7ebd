import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countSighting, type FoundGroup, type GroupFilter } from '../../src/index.js'
import { resolveGroupFilter, writeGroupCursor } from '../../src/read/group-filter.js'
import { storableText } from '../../src/record/text.js'

const ORDERS = ['lastSeen', 'firstSeen', 'occurrences'] as const

function groupOf(fingerprint: string, at: number): FoundGroup {
  const seen = { fingerprint, occurrences: at, firstSeenAt: at, lastSeenAt: at, canReport: false }
  const { kept } = countSighting(undefined, seen, { growth: 2, quietMs: 0 }, new Map())
  return { ...kept, users: 0, sampleId: null, counts: [] }
}

function refusal(filter: object): string {
  try {
    resolveGroupFilter(filter as GroupFilter)
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

it('a cursor continues behind its group, whatever its fingerprint is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 600 }).map((name) => storableText(name))
  fc.assert(
    fc.property(text, fc.maxSafeNat(), fc.constantFrom(...ORDERS), (fingerprint, value, order) => {
      const cursor = writeGroupCursor(groupOf(fingerprint, value), order)
      expect(resolveGroupFilter({ cursor, order }).after).toEqual({ value, fingerprint })
    }),
  )
})

it('a cursor of another order, or that no page has given, is refused', () => {
  const cursor = writeGroupCursor(groupOf('a', 7), 'lastSeen')
  expect(refusal({ cursor, order: 'occurrences' })).toMatch(/cursor: expected .*occurrences/)
  for (const wrong of ['', 'x', '7.a', 'lastSeen.-1.a', 'lastSeen.9999999999999999.a']) {
    expect(refusal({ cursor: Buffer.from(wrong).toString('base64url') })).toContain('cursor')
  }
  for (const wrong of [7, {}, null]) expect(refusal({ cursor: wrong })).toContain('cursor')
})

it('each wrong field is named, with what was expected and found, and a name that is meant', () => {
  const counts = { from: 0, to: 3_600_000, bucketMs: 3_600_000 }
  const wrong: [object, RegExp][] = [
    [{ stauts: 'open' }, /stauts: expected no such field, got .*status/],
    [{ status: 'closed' }, /status: expected one of open, resolved, muted, regressed.*'closed'/],
    [{ kind: [7] }, /kind: expected one of fatal, non-fatal, slow, stuck/],
    [{ order: 'title' }, /order: expected one of lastSeen.*'title'/],
    [{ limit: 201 }, /limit: expected a whole number from 1 to 200, got 201/],
    [{ assignee: 7 }, /assignee: expected a text, got 7/],
    [{ counts: null }, /counts.from/],
    [{ counts: { ...counts, to: -1 } }, /counts.to/],
    [{ counts: { ...counts, bucketMs: 5_400_000 } }, /counts.bucketMs: expected a multiple/],
    [{ counts: { ...counts, to: 1_001 * 3_600_000 } }, /counts.bucketMs.*1000 spans/],
  ]
  for (const [filter, expected] of wrong) expect(refusal(filter)).toMatch(expected)
  expect(refusal({ counts: { ...counts, to: 1_000 * 3_600_000 } })).toBe('none')
})
