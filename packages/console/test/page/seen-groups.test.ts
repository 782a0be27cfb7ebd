import { describe, expect, it } from 'vitest'
import {
  type BellGroup,
  markSeen,
  readSeen,
  ringing,
  type SeenStorage,
} from '../../page/bell/seen-groups.js'

const group = (fingerprint: string, fields: Partial<BellGroup> = {}): BellGroup => ({
  fingerprint,
  title: 'Boom',
  kind: 'fatal',
  status: 'open',
  firstSeenAt: 100,
  lastSeenAt: 900,
  changedAt: null,
  ...fields,
})

function storage(): SeenStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  }
}

describe('the bell', () => {
  it('rings for groups that are new since the last look, the latest first', () => {
    const groups = [group('a'), group('b', { firstSeenAt: 300 }), group('c', { firstSeenAt: 200 })]
    expect(ringing(groups, { seenUntil: 100 }).map((each) => each.fingerprint)).toEqual(['b', 'c'])
  })

  it('rings for an old group that has regressed since', () => {
    const regressed = group('a', { status: 'regressed', changedAt: 500 })
    expect(ringing([regressed], { seenUntil: 400 })).toHaveLength(1)
    expect(ringing([regressed], { seenUntil: 500 })).toHaveLength(0)
  })

  it('does not ring for what is muted or resolved, nor twice for a group', () => {
    const muted = group('a', { status: 'muted' })
    const resolved = group('b', { status: 'resolved' })
    expect(ringing([muted, resolved, group('c'), group('c')], { seenUntil: 0 })).toHaveLength(1)
  })

  it('is silent once all are marked as seen, after a reload too', () => {
    const kept = storage()
    const groups = [group('a'), group('b', { firstSeenAt: 300 })]
    const mark = markSeen(kept, groups, { seenUntil: 0 })
    expect(ringing(groups, mark)).toEqual([])
    expect(readSeen(kept, 1_000)).toEqual(mark)
  })

  it('tells a new reader of the last day', () => {
    expect(readSeen(storage(), 86_400_500)).toEqual({ seenUntil: 500 })
  })

  it('works where the browser keeps nothing', () => {
    const refusing: SeenStorage = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => {
        throw new Error('denied')
      },
    }
    expect(readSeen(refusing, 86_400_500)).toEqual({ seenUntil: 500 })
    expect(markSeen(refusing, [group('a')], { seenUntil: 0 })).toEqual({ seenUntil: 100 })
    expect(readSeen(undefined, 86_400_500)).toEqual({ seenUntil: 500 })
  })
})
