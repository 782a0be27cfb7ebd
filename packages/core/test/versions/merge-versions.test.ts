import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/index.js'
import { mergeVersions, type StampedVersion } from '../../src/kit.js'

interface Keys {
  readonly status?: string
  readonly statusCode?: number
  readonly user?: string
}
type Version = StampedVersion<Keys>

const SEED = Number(process.env.MERGE_SEED ?? 1)
const ROUNDS = Number(process.env.MERGE_ROUNDS ?? 500)
const KEYS = ['a', 'to.ken', 'to', '__proto__', 'constructor', 'data', '']
const FIELDS = ['status', 'data', 'output']

/** The same numbers each time (https://github.com/bryc/code/blob/master/jshash/PRNGs.md, mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** An object with own properties only, `__proto__` included, as JSON.parse makes them. */
function own(entries: readonly (readonly [string, JsonValue])[]): { [key: string]: JsonValue } {
  return Object.fromEntries(entries)
}

function anyValue(random: (below: number) => number): JsonValue {
  const scalars: readonly JsonValue[] = [null, 'x', 'y', 1, 2, true, ['x'], []]
  if (random(2) === 0) return scalars[random(scalars.length)] ?? null
  const keys = KEYS.filter(() => random(2) === 0)
  return own(keys.map((key) => [key, scalars[random(scalars.length)] ?? null]))
}

/** A version of any kind: fields that lack, are null as after they were shed, stamps that are equal to others or to none. */
function anyVersion(random: (below: number) => number): Version {
  const fields = FIELDS.filter(() => random(4) > 0)
  const data = own(fields.map((field) => [field, anyValue(random)]))
  const paths = FIELDS.flatMap((field) => {
    const nested = KEYS.map((key) => `data.${field}.${key}`)
    return [`data.${field}`, ...nested]
  })
  const stamps = own(
    [...paths, 'keys.status', 'keys.key', 'keys', 'nothing.at.all', '__proto__']
      .filter(() => random(4) === 0)
      .map((path) => [path, random(4)]),
  ) as Record<string, number>
  const keys = random(2) === 0 ? {} : { status: 'xyz'[random(3)] ?? '', statusCode: random(3) }
  return random(6) === 0 ? { keys, data } : { keys, data, stamps }
}

/** Text that is equal for what is equal, in whatever order its keys are, and shows own `__proto__` keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    const entries = Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))
    return Object.fromEntries(entries)
  })
}

describe('merging any versions', () => {
  const random = randomFrom(SEED)
  const rounds = Array.from({ length: ROUNDS }, () => [0, 1, 2].map(() => anyVersion(random)))

  it('does not depend on the order of two', () => {
    for (const [a, b] of rounds as [Version, Version][])
      expect(textOf(mergeVersions(a, b)), textOf([a, b])).toBe(textOf(mergeVersions(b, a)))
  })

  it('does not depend on which two of three are merged first', () => {
    for (const [a, b, c] of rounds as [Version, Version, Version][]) {
      const left = mergeVersions(mergeVersions(a, b), c)
      expect(textOf(left), textOf([a, b, c])).toBe(textOf(mergeVersions(a, mergeVersions(b, c))))
    }
  })

  it('gives the same when a version is merged a second time', () => {
    for (const [a, b] of rounds as [Version, Version][]) {
      const merged = mergeVersions(a, b)
      for (const again of [a, b, merged])
        expect(textOf(mergeVersions(merged, again)), textOf([a, b])).toBe(textOf(merged))
    }
  })

  it('changes neither of the two', () => {
    for (const [a, b] of rounds as [Version, Version][]) {
      const before = textOf([a, b])
      mergeVersions(a, b)
      expect(textOf([a, b])).toBe(before)
    }
  })
})

describe('merging a field', () => {
  it('keeps the value with the higher stamp, also when that is null', () => {
    const one = { keys: { status: 'a' }, data: { error: null, x: 1 }, stamps: { 'data.error': 5 } }
    const two = {
      keys: { status: 'b' },
      data: { error: 'no', x: 2 },
      stamps: { 'data.error': 4, 'data.x': 1, 'keys.status': 2 },
    }
    const merged = {
      keys: { status: 'b' },
      data: { error: null, x: 2 },
      stamps: { 'data.error': 5, 'data.x': 1, 'keys.status': 2 },
    }
    expect(mergeVersions(one, two)).toEqual(merged)
    expect(mergeVersions(two, one)).toEqual(merged)
  })

  it('a value without a stamp is replaced by one with a stamp, and kept when the other version has none', () => {
    const made = { keys: { service: 's' }, data: { status: 'Queued', body: 'b' } }
    const ended = { keys: {}, data: { status: 'Completed' }, stamps: { 'data.status': 1 } }
    expect(mergeVersions(made, ended)).toEqual({
      keys: { service: 's' },
      data: { status: 'Completed', body: 'b' },
      stamps: { 'data.status': 1 },
    })
  })

  it('changes of different keys of an object are both kept, also a key with a dot, and a key of a newer object', () => {
    const made = { keys: {}, data: { data: { a: 1 } } }
    const one = {
      ...made,
      data: { data: { a: 1, 'to.ken': 'x' } },
      stamps: { 'data.data.to.ken': 3 },
    }
    const two = { ...made, data: { data: { a: 2 } }, stamps: { 'data.data.a': 2 } }
    expect(mergeVersions(one, two).data).toEqual({ data: { a: 2, 'to.ken': 'x' } })
    const whole = { ...made, data: { data: { new: true } }, stamps: { 'data.data': 2 } }
    const merged = mergeVersions(mergeVersions(whole, two), one)
    expect(merged.data).toEqual({ data: { new: true, 'to.ken': 'x' } })
    expect(merged.stamps).toEqual({ 'data.data': 2, 'data.data.to.ken': 3 })
  })

  it('a key that was removed later stays removed', () => {
    const made = { keys: {}, data: { data: { a: 1, b: 1 } } }
    const without = { keys: {}, data: { data: { b: 1 } }, stamps: { 'data.data.a': 1 } }
    expect(mergeVersions(without, made).data).toEqual({ data: { b: 1 } })
  })

  it('a body that is not an object is kept under `data` when keys are added to it', () => {
    const text = { keys: {}, data: { data: 'text' }, stamps: { 'data.data': 2 } }
    const key = { keys: {}, data: { data: { data: 'old', n: 1 } }, stamps: { 'data.data.n': 3 } }
    expect(mergeVersions(text, key).data).toEqual({ data: { data: 'text', n: 1 } })
  })

  it('names of properties that every object inherits are ordinary keys', () => {
    const parsed = JSON.parse('{"__proto__":{"a":1},"constructor":2}')
    const one = {
      keys: {},
      data: { data: parsed },
      stamps: own([['data.data.__proto__', 1]]) as never,
    }
    const two = { keys: {}, data: { data: { x: 1 } }, stamps: { 'data.data.toString': 1 } }
    const { data } = mergeVersions(one, two)
    expect(JSON.stringify(data)).toBe('{"data":{"__proto__":{"a":1},"constructor":2,"x":1}}')
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  it('a key of the record that was removed is missing from the result', () => {
    const made: Version = { keys: { user: 'ada' }, data: {} }
    const { keys } = mergeVersions(made, { keys: {}, data: {}, stamps: { 'keys.user': 1 } })
    expect(Object.hasOwn(keys, 'user')).toBe(false)
  })
})
