import { describe, expect, it } from 'vitest'
import {
  FingerprintCache,
  fingerprintOf,
  framesOf,
  normalizeMessage,
} from '../src/groups/fingerprint.js'
import { type GroupLimits, GroupTable } from '../src/groups/group-table.js'
import { Grouping, RECHECK_MS } from '../src/groups/grouping.js'
import { resolveOptions } from '../src/options.js'
import { boom, buildApp } from './build-app.js'

const limits: GroupLimits = {
  growth: 2,
  quietMs: 3_600_000,
  maxCallsPerMinute: 60,
  maxGroups: 1_000,
}
const START = 1_800_000_000_000

describe('a group is reported', () => {
  it('at its 1st, 2nd, 4th, 8th ... occurrence: 17 times for 100,000', () => {
    const table = new GroupTable(limits)
    const due: number[] = []
    for (let at = 1; at <= 100_000; at++) if (table.count('a', START + at).isDue) due.push(at)
    expect(due).toEqual(Array.from({ length: 17 }, (_, power) => 2 ** power))
  })

  it('at each occurrence that the caller has chosen, with all that it stands for', () => {
    const table = new GroupTable({ ...limits, maxCallsPerMinute: 3 })
    const verdicts = [1, 1, 2, 4].map((occurrences) => table.countChosen('a', START, occurrences))
    expect(verdicts.map(({ isDue }) => isDue)).toEqual([true, true, true, false])
    expect(verdicts[2]?.group).toMatchObject({ occurrences: 4, suppressed: 1 })
    expect(table.stats()).toEqual({ groups: 1, suppressed: 5 })
    const next = table.countChosen('a', START + 60_000, 8)
    expect(next).toMatchObject({
      isDue: true,
      heldBack: 1,
      group: { occurrences: 16, suppressed: 11 },
    })
  })

  it('by another growth when the option says so, and each time with 1', () => {
    const dueWith = (growth: number): number[] => {
      const table = new GroupTable({ ...limits, growth })
      const due: number[] = []
      for (let at = 1; at <= 30; at++) if (table.count('a', START).isDue) due.push(at)
      return due
    }
    expect(dueWith(3)).toEqual([1, 3, 9, 27])
    expect(dueWith(1.5)).toEqual([1, 2, 3, 5, 8, 12, 18, 27])
    expect(dueWith(1)).toHaveLength(30)
  })

  it('again after a quiet hour, and then at the 2nd, 4th ... anew', () => {
    const table = new GroupTable(limits)
    for (let at = 0; at < 5; at++) table.count('a', START)
    expect(table.count('a', START + limits.quietMs - 1).isDue).toBe(false)
    const later = START + 2 * limits.quietMs
    const due = [1, 2, 3, 4].map(() => table.count('a', later).isDue)
    expect(due).toEqual([true, true, false, true])
  })

  it('with the number of suppressed occurrences, and when it was first and last seen', () => {
    const table = new GroupTable(limits)
    for (let at = 0; at < 7; at++) table.count('a', START + at)
    expect(table.count('a', START + 7)).toEqual({
      isDue: true,
      heldBack: 0,
      group: expect.objectContaining({
        occurrences: 8,
        suppressed: 3,
        firstSeenMs: START,
        lastSeenMs: START + 7,
      }),
    })
  })
})

describe('all groups together', () => {
  it('are reported 60 times in any 60 seconds; the next report shows what was held back', () => {
    const table = new GroupTable(limits)
    let due = 0
    for (let at = 0; at < 100; at++) if (table.count(`g${at}`, START + at * 100).isDue) due++
    expect(due).toBe(60)
    expect(table.count('x', START + 59_999).isDue).toBe(false)
    expect(table.count('y', START + 60_000)).toMatchObject({ isDue: true, heldBack: 41 })
    expect(table.count('z', START + 60_000)).toMatchObject({ isDue: false })
    expect(table.count('z', START + 60_100)).toMatchObject({ isDue: true, heldBack: 1 })
  })

  it('are not held back for long by a clock that is set back', () => {
    const table = new GroupTable({ ...limits, maxCallsPerMinute: 1 })
    expect(table.count('a', START).isDue).toBe(true)
    expect(table.count('b', START - 86_400_000).isDue).toBe(true)
  })

  it('have no limit when the option is false', () => {
    const table = new GroupTable({ ...limits, maxCallsPerMinute: false })
    for (let at = 0; at < 1000; at++) expect(table.count(`g${at}`, START).isDue).toBe(true)
  })

  it('are bounded: the one not seen for longest is forgotten', () => {
    const table = new GroupTable({ ...limits, maxGroups: 3, maxCallsPerMinute: false })
    for (const name of ['a', 'b', 'c']) table.count(name, START)
    table.count('a', START + 2_000)
    table.count('d', START + 3_000)
    expect(table.stats().groups).toBe(3)
    expect(table.count('a', START + 3_000).group.occurrences).toBe(3)
    expect(table.count('b', START + 3_000).group.occurrences).toBe(1)
  })
})

describe('a fingerprint', () => {
  const traits = { name: 'Error', code: '', message: 'x', origins: [] }
  const stack = (line: number, file = 'a.js'): string =>
    `Error: x\n    at f (/app/src/${file}:${line}:7)\n    at /app/node_modules/y/z.js:1:1\n    at node:internal/x:1:1`

  it.each([
    ['user 17 is gone', 'user 18 is gone'],
    ['no 0191d2f0-0000-7000-8000-000000000001', 'no 6fa459ea-ee8a-4ca4-894e-db77e160355e'],
    ['commit deadbeef01', 'commit 0a1b2c3d4e5f'],
    ['token abcDEF0123456789xyz', 'token zyxWVU9876543210cba'],
    ['took 1.5 s', 'took 12.75 s'],
  ])('does not tell %j from %j', (one, other) => {
    expect(normalizeMessage(one)).toBe(normalizeMessage(other))
  })

  it('tells other messages apart', () => {
    const messages = [
      "reading 'id'",
      "reading 'name'",
      'deadbeef',
      'facade',
      'internationalization',
    ]
    expect(messages.map(normalizeMessage)).toEqual(messages)
  })

  it('is made of the class, the code, the message and the frames of the application, without lines', () => {
    const base = fingerprintOf('fatal', traits, stack(1), '/app')
    expect(fingerprintOf('fatal', traits, stack(2), '/app')).toBe(base)
    expect(fingerprintOf('fatal', traits, stack(1).replaceAll('/app', '/srv'), '/srv')).toBe(base)
    const others = [
      fingerprintOf('non-fatal', traits, stack(1), '/app'),
      fingerprintOf('fatal', { ...traits, name: 'TypeError' }, stack(1), '/app'),
      fingerprintOf('fatal', { ...traits, code: 'E' }, stack(1), '/app'),
      fingerprintOf('fatal', { ...traits, message: 'y' }, stack(1), '/app'),
      fingerprintOf('fatal', { ...traits, origins: ['db.internal'] }, stack(1), '/app'),
      fingerprintOf('fatal', traits, stack(1, 'b.js'), '/app'),
    ]
    expect(new Set([base, ...others]).size).toBe(7)
  })

  it('of a plain error is the same in each release', () => {
    expect(fingerprintOf('fatal', traits, stack(1), '/app')).toBe('a92e507203253870')
  })

  it('leaves out frames that are not the application’s, unless there are no others', () => {
    expect(framesOf(stack(1), '/app')).toEqual(['f (/src/a.js)'])
    expect(framesOf('Error\n    at node:internal/x:1:1', '/app')).toEqual(['node:internal/x'])
    expect(framesOf('Error\n    at async g (file:///app/h.js:2:3)', '/app')).toEqual(['g (/h.js)'])
  })

  it('takes linear time, whatever the message', () => {
    const start = performance.now()
    for (const part of ['a1', 'a', '_', '1', '0a-']) normalizeMessage(part.repeat(500_000))
    // Milliseconds; minutes if the text were read again from each of its characters.
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})

it('the cache of fingerprints is bounded, and an entry is used for one second', () => {
  const known = new FingerprintCache(2, 1_000)
  known.set('a', 'A', START)
  expect(known.get('a', START + 999)).toBe('A')
  // A clock that is set back must not keep it for longer.
  expect(known.get('a', START - 1)).toBeUndefined()
  expect(known.get('a', START + 1_000)).toBeUndefined()
  for (const look of ['b', 'c', 'd']) known.set(look, look, START)
  expect(known.get('a', START)).toBeUndefined()
  expect(known.get('d', START)).toBe('d')
})

it('two errors that differ only in their stack are told apart, in a storm once a second', async () => {
  const { app } = await buildApp()
  const grouping = new Grouping(resolveOptions({}, app.scs), undefined as never, app.log)
  const at = (place: string): Error =>
    Object.assign(new Error('x'), { stack: `Error: x\n    at ${place} (/app/${place}.js:1:1)` })
  const count = (caught: Error, ms: number): string => {
    const seen = { kind: 'fatal', request: undefined, place: 'GET /', text: '' } as const
    const counted = { ...seen, caught, callStack: undefined }
    return grouping.count(counted, START + ms).group.fingerprint
  }
  const [first, second] = [at('first'), at('second')]
  const seen = [count(first, 0), count(second, 1), count(second, RECHECK_MS)]
  expect(seen[1]).toBe(seen[0])
  expect(seen[2]).not.toBe(seen[0])
})

describe('two errors that look alike within one second', () => {
  const count = async (
    errors: readonly { caught: unknown; place: string }[],
  ): Promise<string[]> => {
    const { app } = await buildApp()
    const grouping = new Grouping(resolveOptions({}, app.scs), undefined as never, app.log)
    return errors.map((error) => {
      const seen = { kind: 'fatal', request: undefined, text: '', callStack: undefined } as const
      const counted = { ...seen, ...error }
      return grouping.count(counted, START).group.fingerprint
    })
  }

  it('are told apart by where their connections failed to', async () => {
    const stack = 'Error: x\n    at f (/app/a.js:1:1)'
    const errors = ['10.0.0.1', '10.0.0.2'].map((address) =>
      Object.assign(new Error('x'), { code: 'ECONNREFUSED', address, stack }),
    )
    const seen = await count(errors.map((caught) => ({ caught, place: 'GET /' })))
    expect(new Set(seen).size).toBe(2)
  })

  it('are told apart by their endpoints when they have no stack', async () => {
    const seen = await count(['GET /a', 'GET /b'].map((place) => ({ caught: 'x', place })))
    expect(new Set(seen).size).toBe(2)
  })

  it('and have the same stack are one group, whatever their endpoints', async () => {
    const caught = Object.assign(new Error('x'), { stack: 'Error: x\n    at f (/app/a.js:1:1)' })
    const seen = await count(['GET /a', 'GET /b'].map((place) => ({ caught, place })))
    expect(new Set(seen).size).toBe(1)
  })
})

describe('the option fingerprint', () => {
  it('names a group with 128 characters at most', async () => {
    const test = await buildApp({ reporter: { fingerprint: () => 'x'.repeat(1_000) } })
    test.app.reportError('Oops')
    expect((await test.reported())[0]?.report.fingerprint).toBe('x'.repeat(128))
  })

  it('names groups, and leaves an error to the default by returning undefined', async () => {
    const fingerprint = (error: unknown): string | undefined =>
      error instanceof TypeError ? 'types' : undefined
    const test = await buildApp({ reporter: { fingerprint } })
    const errors = [new TypeError('a'), new TypeError('b'), new TypeError('c'), new RangeError('a')]
    for (const caught of errors) test.app.reportError('x', { caught })
    const groups = (await test.reported()).map(({ report }) => report.fingerprint)
    expect(groups).toEqual(['types', 'types', expect.stringMatching(/^[0-9a-f]{16}$/)])
  })

  it('may fail: the default is used, and the failure is counted', async () => {
    const test = await buildApp({ reporter: { fingerprint: boom } })
    test.app.reportError('x')
    expect((await test.reported())[0]?.report.fingerprint).toMatch(/^[0-9a-f]{16}$/)
    expect(test.app.errorReporter.stats().callbackFailures.fingerprint).toBe(1)
  })
})
