import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { Draft, LiveDrafts } from '../../src/log/draft.js'
import { StampClock } from '../../src/log/stamps.js'
import { emptyFields } from '../../src/record.js'

const ID = '01890a5d-ac96-774b-bcce-b302099a8057'
const fields = () => emptyFields(ID, new Date(0).toISOString(), 'a')
const NOW = Date.now() * 1_000

it('a first version has no stamps, whatever was set before it was written', () => {
  const draft = new Draft(fields())
  draft.set({ status: 'Completed' })
  draft.setOwn({ statusCode: 200, status: 'Failed' })
  draft.merge({ n: 1 }, ['n'])
  draft.cut()
  expect(draft.stamps).toBeUndefined()
  expect(draft.fields).toMatchObject({ status: 'Completed', statusCode: 200, truncated: true })
})

it('every setter stamps each path that it changes', () => {
  const paths = (change: (draft: Draft) => void): string[] => {
    const draft = new Draft(fields(), 1)
    change(draft)
    return Object.keys(draft.stamps ?? {}).sort()
  }
  const derived = ['data.modifiedAt', 'keys.summary']
  const own = (...given: string[]) => [...given, ...derived].sort()
  expect(paths((draft) => draft.set({ status: 'Failed' }))).toEqual(
    own('data.status', 'keys.status'),
  )
  expect(paths((draft) => draft.set({ reference: { type: 'a', id: 'b' } }))).toEqual(
    own('data.reference', 'keys.referenceType', 'keys.referenceId'),
  )
  expect(paths((draft) => draft.set({ key: 'k', output: 1 }))).toEqual(
    own('data.key', 'keys.key', 'data.output'),
  )
  expect(paths((draft) => draft.setOwn({ durationMs: 1, statusCode: 200 }))).toEqual(
    own('data.durationMs', 'keys.durationMs', 'data.statusCode', 'keys.statusCode'),
  )
  expect(paths((draft) => draft.merge({ a: 1, 'b.c': 2 }, ['a', 'b.c']))).toEqual(
    own('data.data.a', 'data.data.b.c'),
  )
  expect(paths((draft) => draft.merge('cut', undefined))).toEqual(own('data.data'))
  expect(paths((draft) => draft.cut())).toEqual(own('data.truncated'))
})

it("the application's stamps are microseconds, each above all known ones; the plugin's own count from 1", () => {
  const draft = new Draft(fields(), 1)
  draft.set({ status: 'Failed' })
  const first = draft.stamps?.['data.status'] ?? 0
  expect(Math.abs(first - NOW)).toBeLessThan(60_000_000)
  draft.set({ status: 'Failed' })
  expect(draft.stamps?.['data.status']).toBeGreaterThan(first)
  draft.setOwn({ durationMs: 1 })
  draft.setOwn({ statusCode: 200 })
  expect(draft.stamps).toMatchObject({ 'data.durationMs': 1, 'data.statusCode': 2 })
  const future = NOW * 2
  const stamps = { 'data.error': future, 'data.url': 5 }
  draft.absorb({ fields: draft.record(), revision: 8, stamps })
  expect(draft.revision).toBe(8)
  draft.set({ status: 'Completed' })
  expect(draft.stamps?.['data.status']).toBeGreaterThan(future)
  draft.setOwn({ error: 'own', durationMs: 2 })
  expect(draft.stamps).toMatchObject({ 'data.error': future, 'data.durationMs': 6 })
  expect(draft.fields.error).toBeNull()
})

it('setting data as a whole drops the stamps of its keys', () => {
  const draft = new Draft(fields(), 1)
  draft.merge({ a: 1 }, ['a'])
  draft.merge({ b: 1 }, undefined)
  expect(Object.keys(draft.stamps ?? {}).filter((path) => path.startsWith('data.data'))).toEqual([
    'data.data',
  ])
})

it('a later version without stamps is the end of a call, and gets small stamps', () => {
  const draft = new Draft(fields(), 1)
  draft.stampOwnVersion()
  expect(draft.stamps).toMatchObject({ 'data.status': 1, 'keys.status': 1, 'data.output': 1 })
  expect(Object.values(draft.stamps ?? {}).every((stamp) => stamp === 1)).toBe(true)
  const changed = new Draft(fields(), 1)
  changed.set({ status: 'Failed' })
  const { stamps } = changed
  changed.stampOwnVersion()
  expect(changed.stamps).toEqual(stamps)
})

it('stamps that were handed over do not change later', () => {
  const draft = new Draft(fields(), 1)
  draft.set({ status: 'Failed' })
  const { stamps } = draft
  const kept = { ...stamps }
  draft.set({ status: 'Completed' })
  expect(stamps).toEqual(kept)
})

it('the clock never gives the same time twice', () => {
  const clock = new StampClock()
  const stamps = Array.from({ length: 10_000 }, () => clock.next())
  expect(new Set(stamps).size).toBe(stamps.length)
  expect(stamps).toEqual([...stamps].sort((one, other) => one - other))
})

it("the clock follows the host's clock when that is set forward or back", () => {
  const clock = new StampClock()
  const now = Date.now()
  const set = vi.spyOn(Date, 'now').mockImplementation(() => now + 3_600_000)
  expect(clock.next() / 1_000 - now).toBeGreaterThan(3_500_000)
  set.mockRestore()
  expect(clock.next() / 1_000 - now).toBeLessThan(60_000)
  expect(clock.next(NOW * 2)).toBe(NOW * 2 + 1)
  expect(clock.next() / 1_000 - now).toBeLessThan(60_000)
})

it('newer fields and keys of another version are taken over one by one', () => {
  const draft = new Draft(
    { ...fields(), data: { a: 1, b: 1, c: 1 }, error: 'old', method: 'POST' },
    1,
    false,
    undefined,
    {
      'data.status': 10,
      'data.data.a': 30,
      'data.data.c': 15,
    },
  )
  const newer = {
    ...fields(),
    status: 'Failed' as const,
    data: { a: 2, b: 2, 'd.e': 2 },
    error: 'new',
    method: 'GET',
    url: 'x',
  }
  const stamps = { 'data.status': 9, 'data.data': 20, 'data.data.d.e': 21, 'data.error': 1 }
  draft.absorb({ fields: newer, revision: 5, stamps })
  expect(draft.fields).toMatchObject({ status: 'Queued', error: 'new' })
  // As the store merges what neither has changed: a value stays before null.
  expect([draft.fields.method, draft.fields.url]).toEqual(['POST', 'x'])
  expect(draft.fields.data).toEqual({ a: 1, b: 2, 'd.e': 2 })
  const before = draft.record()
  draft.absorb({ fields: newer, revision: 5, stamps })
  expect(draft.record()).toEqual(before)
})

it('a key changed before data was set as a whole is gone', () => {
  const stamps = { 'data.data': 30 }
  const draft = new Draft({ ...fields(), data: { b: 1 } }, 1, false, undefined, stamps)
  const older = { ...fields(), data: { a: 1 } }
  draft.absorb({ fields: older, revision: 1, stamps: { 'data.data.a': 20 } })
  expect(draft.fields.data).toEqual({ b: 1 })
  expect(draft.stamps).toEqual(stamps)
})

it('resumed records are forgotten once nobody holds them', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const drafts = new LiveDrafts()
  const resume = (id: string) =>
    drafts.resume({ fields: { ...fields(), id }, revision: 1, stamps: undefined })
  const held = resume('held')
  for (let turn = 0; turn < 10; turn++) {
    for (let n = 0; n < 1_000; n++) resume(`${turn}-${n}`)
    // What a WeakRef leads to stays until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(drafts.size).toBeLessThan(4_000)
  expect(drafts.of('held')).toBe(held)
  expect(resume('held')).toBe(held)
})

it('the end of a call is merged into a record that was changed elsewhere, with its trace id and what a retry needs', () => {
  const ended = new Draft(
    { ...fields(), status: 'Failed', traceId: 'a1', resend: { missing: [] } },
    1,
  )
  ended.stampOwnVersion()
  const changed = new Draft({ ...fields(), traceId: 'f1' }, 1)
  changed.set({ description: 'changed elsewhere' })
  changed.absorb({ fields: ended.record(), revision: 2, stamps: ended.stamps })
  expect(changed.record()).toMatchObject({
    status: 'Failed',
    description: 'changed elsewhere',
    traceId: 'a1',
    resend: { missing: [] },
  })
})
