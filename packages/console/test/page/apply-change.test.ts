import { describe, expect, it } from 'vitest'
import { appliedChange, statusFacts } from '../../page/groups/apply-change.js'
import { muteFields, muteForm } from '../../page/groups/mute-fields.js'
import type { Group } from '../../src/api/model.js'
import { group } from './group.js'

const who = { user: 'ann', now: 5_000, newestRelease: '1.4.0' }

describe('a change that is shown before the server answers', () => {
  it('resolves in the newest release where none is given', () => {
    expect(appliedChange(group(), { status: 'resolved' }, who)).toMatchObject({
      status: 'resolved',
      resolvedIn: '1.4.0',
      resolvedAt: 5_000,
      changedBy: 'ann',
      changedAt: 5_000,
    })
    expect(appliedChange(group(), { status: 'resolved', resolvedIn: '1.5' }, who).resolvedIn).toBe(
      '1.5',
    )
  })

  it('mutes for a number of occurrences more', () => {
    const fields = { status: 'muted', mutedForOccurrences: 100, reason: 'known' } as const
    const muted = appliedChange(group({ occurrences: 12 }), fields, who)
    expect(muted).toMatchObject({ mutedUntilOccurrences: 112, mutedUntil: null, reason: 'known' })
    expect(muted).not.toHaveProperty('mutedForOccurrences')
  })

  it('reopens without what was decided before', () => {
    const muted = appliedChange(group(), { status: 'muted', reason: 'known', mutedUntil: 9 }, who)
    const { reason, mutedUntil, resolvedIn } = appliedChange(muted, { status: 'open' }, who)
    expect([reason, mutedUntil, resolvedIn]).toEqual([null, null, null])
  })

  it('of the assignee leaves the status as it is', () => {
    const muted = group({ status: 'muted', reason: 'known' })
    const changed = appliedChange(muted, { assignee: 'kemal' }, who)
    expect(changed).toMatchObject({ status: 'muted', reason: 'known', assignee: 'kemal' })
  })
})

it.each([
  [{ status: 'resolved', resolvedIn: '1.4', changedBy: 'ann' }, 'Resolved in 1.4 by ann.'],
  [{ status: 'resolved', resolvedIn: null }, 'Resolved.'],
  [
    { status: 'regressed', resolvedIn: '1.3', lastRelease: '1.4' },
    'It was resolved in 1.3 and came again in 1.4.',
  ],
  [{ status: 'muted', reason: 'known' }, 'Muted: known.'],
  [{ status: 'open' }, 'Nothing is decided about it yet.'],
] as const)('the status of %j is a sentence', (fields, text) => {
  expect(statusFacts(group(fields as Partial<Group>))[0]).toBe(text)
})

describe('the form of muting', () => {
  const form = { reason: ' known ', until: '', occurrences: '' }

  it('for good has no end', () => {
    expect(muteFields({ ...form, end: 'never' }, 0)).toEqual({
      status: 'muted',
      reason: 'known',
      mutedUntil: null,
      mutedForOccurrences: null,
    })
  })

  it('ends a day from now, at a date, or after occurrences', () => {
    expect(muteFields({ ...form, end: 'day' }, 1_000).mutedUntil).toBe(86_401_000)
    const until = muteFields({ ...form, end: 'date', until: '2026-11-30T12:00' }, 0).mutedUntil
    expect(until).toBe(new Date(2026, 10, 30, 12).getTime())
    const count = muteFields({ ...form, end: 'count', occurrences: '100' }, 0)
    expect(count.mutedForOccurrences).toBe(100)
  })

  it('without a reason says so', () => {
    expect(muteFields({ ...form, reason: ' ', end: 'never' }, 0).reason).toBeNull()
  })

  it('begins with what was said when the group was muted', () => {
    const muted = { status: 'muted', reason: 'known', occurrences: 60 } as const
    expect(muteForm(group(muted))).toMatchObject({ end: 'never', reason: 'known' })
    const counted = muteForm(group({ ...muted, mutedUntilOccurrences: 100 }))
    expect(counted).toMatchObject({ end: 'count', occurrences: '40' })
    const until = '2026-11-30T12:00'
    const dated = muteForm(group({ ...muted, mutedUntil: Date.parse(until) }))
    expect(dated).toMatchObject({ end: 'date', until })
    expect(muteForm(group({ status: 'open' }))).toMatchObject({ end: 'never', reason: '' })
  })
})
