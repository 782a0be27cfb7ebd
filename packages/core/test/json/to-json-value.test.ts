import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_JSON_LIMITS, type JsonValue } from '../../src/json/json-value.js'
import { toJsonValue } from '../../src/json/to-json-value.js'
import { cutText } from '../../src/kit/cut-text.js'

const limits = { maxDepth: 4, maxNodes: 20, maxStringBytes: 10, maxTotalBytes: 200 }

function hostile(): object {
  const refuse = (): never => {
    throw new Error('no')
  }
  const traps = [
    'get',
    'has',
    'ownKeys',
    'getPrototypeOf',
    'getOwnPropertyDescriptor',
    'set',
  ] as const
  return new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, refuse])))
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function nested(levels: number): unknown {
  let value: unknown = 'bottom'
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

describe('toJsonValue', () => {
  it('copies plain data as JSON does', () => {
    const value = { a: [1, 'x', true, null, { b: 2.5 }], c: undefined, d: () => 1, e: Symbol('e') }
    expect(toJsonValue(value)).toEqual({ a: [1, 'x', true, null, { b: 2.5 }] })
    expect(toJsonValue([undefined, () => 1, Symbol('x'), -0])).toEqual([null, null, null, 0])
    expect(toJsonValue(undefined)).toBeNull()
  })

  it('returns a copy and does not change the value', () => {
    const value = Object.freeze({ list: Object.freeze([1]) })
    const copy = toJsonValue(value) as { list: number[] }
    copy.list.push(2)
    expect(value.list).toEqual([1])
  })

  it.each<[string, unknown, JsonValue]>([
    ['a bigint', 12_345_678_901_234_567_890n, '12345678901234567890'],
    ['a bigint too long to print', 1n << 100_000n, '[truncated: bigint]'],
    ['what is no number', Number.NaN, null],
    ['infinity', Number.NEGATIVE_INFINITY, null],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(Number.NaN), null],
    ['a Set', new Set([1, 'a']), [1, 'a']],
    ['a Buffer', Buffer.from('secret'), '[binary: 6 bytes]'],
    ['a typed array', new Float64Array(2), '[binary: 16 bytes]'],
    ['an ArrayBuffer', new ArrayBuffer(3), '[binary: 3 bytes]'],
    ['a Blob', new Blob(['abcd']), '[binary: 4 bytes]'],
    ['a URL', new URL('http://a.b/c?d=e'), 'http://a.b/c?d=e'],
    ['a regular expression', /a+/gi, '/a+/gi'],
    ['a boxed primitive', Object('x'), 'x'],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a revoked proxy', revoked(), '[unreadable]'],
    ['a hostile proxy', hostile(), '[unreadable]'],
    [
      'an instance',
      new (class Point {
        x = 1
      })(),
      { x: 1 },
    ],
  ])('writes %s', (_, value, expected) => {
    expect(toJsonValue(value)).toEqual(expected)
    expect(toJsonValue({ inside: value })).toEqual({ inside: expected })
  })

  it('writes a Map with any keys as an object', () => {
    const map = new Map<unknown, unknown>([
      ['a', 1],
      [2, 'two'],
      [{}, 'three'],
      [Symbol('s'), 4],
    ])
    expect(toJsonValue(map)).toEqual({ a: 1, 2: 'two', '[key 2]': 'three', '[key 3]': 4 })
  })

  it('writes an error with its cause, its code and its own fields', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), {
      code: 'E_X',
      extra: 1,
    })
    expect(toJsonValue(error)).toMatchObject({
      name: 'TypeError',
      message: 'outer',
      code: 'E_X',
      stack: expect.stringContaining('TypeError: outer'),
      cause: { name: 'Error', message: 'inner' },
      extra: 1,
    })
    expect(toJsonValue(new AggregateError([new Error('a')], 'all'))).toMatchObject({
      errors: [{ message: 'a' }],
    })
  })

  it('calls a toJSON once, and writes a marker when it throws', () => {
    const again = { toJSON: () => ({ toJSON: () => 'twice', a: 1 }) }
    expect(toJsonValue(again)).toEqual({ a: 1 })
    const itself = { a: 1, toJSON: (): unknown => itself }
    expect(toJsonValue(itself)).toEqual({ a: 1 })
    const broken = {
      toJSON: () => {
        throw new Error('no')
      },
    }
    expect(toJsonValue({ broken, ok: 1 })).toEqual({ broken: '[unreadable]', ok: 1 })
  })

  it('marks a cycle, but not a value that occurs twice', () => {
    const shared = { a: 1 }
    const loop: Record<string, unknown> = { first: shared, second: shared }
    loop.self = { back: loop }
    expect(toJsonValue(loop)).toEqual({
      first: { a: 1 },
      second: { a: 1 },
      self: { back: '[circular]' },
    })
  })

  it('loses only the property whose getter throws', () => {
    const value = {
      a: 1,
      get b(): number {
        throw new Error('no')
      },
      c: 3,
    }
    expect(toJsonValue(value)).toEqual({ a: 1, b: '[unreadable]', c: 3 })
  })

  it('copies __proto__ and constructor as ordinary keys', () => {
    const copy = toJsonValue(
      JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
    ) as object
    expect(Object.keys(copy)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect('polluted' in copy).toBe(false)
  })

  it('cuts a value at each limit, and the marker says how much is left out', () => {
    expect(toJsonValue('0123456789abc', limits)).toBe('0123456789[truncated: 3 bytes]')
    expect(
      toJsonValue(
        Array.from({ length: 100 }, () => 1),
        limits,
      ),
    ).toHaveLength(20)
    expect((toJsonValue(new Array(100), limits) as unknown[]).at(-1)).toBe('[truncated: 81 items]')
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]))
    expect(toJsonValue(wide, limits)).toHaveProperty('[truncated]', '[truncated: 81 items]')
    expect(toJsonValue(new Set(Array.from({ length: 100 }, (_, n) => n)), limits)).toContain(
      '[truncated: 81 items]',
    )
    expect(toJsonValue(nested(6), limits)).toEqual({ a: [{ a: ['[truncated: too deep]'] }] })
  })

  it('limits the total bytes of many strings', () => {
    const copy = toJsonValue(
      Array.from({ length: 100 }, () => 'é'.repeat(50)),
      { ...limits, maxNodes: 1000 },
    )
    expect(Buffer.byteLength(JSON.stringify(copy))).toBeLessThan(1500)
  })

  it('copies 100,000 levels, a sparse array of four billion items and a huge string within its limits', () => {
    const unlimited = { maxDepth: 1e9, maxNodes: 1e9, maxStringBytes: 1e9, maxTotalBytes: 1e9 }
    expect(JSON.stringify(toJsonValue(nested(100_000), unlimited))).toContain(
      '[truncated: too deep]',
    )
    const sparse = toJsonValue(new Array(2 ** 32 - 1)) as unknown[]
    expect(sparse.at(-1)).toBe(`[truncated: ${2 ** 32 - DEFAULT_JSON_LIMITS.maxNodes} items]`)
    expect(toJsonValue('x'.repeat(10_000_000))).toHaveLength(
      65_536 + '[truncated: 9934464 bytes]'.length,
    )
  })

  it('lets a visitor rename keys, replace values and rewrite strings', () => {
    const visitor = {
      key: (key: string) => key.toUpperCase(),
      property: (key: string) => (key === 'b' ? 'replaced' : undefined),
      string: (text: string) => `<${text}>`,
    }
    expect(toJsonValue({ a: 'x', b: { c: 1 } }, DEFAULT_JSON_LIMITS, visitor)).toEqual({
      A: '<x>',
      B: 'replaced',
    })
  })

  it('gives the same as JSON.stringify for every plain value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(toJsonValue(value)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('never throws, and its result is JSON of limited size', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    // fast-check looks at what it generates, so the hostile objects are put in afterwards.
    const wrap = fc.constantFrom(
      (value: unknown) => value,
      (value: unknown) => [value, hostile()],
      (value: unknown) => ({ value, revoked: revoked() }),
      (value: unknown) => new Map([[value, hostile()]]),
      (value: unknown) => Object.assign(new Error('x'), { cause: hostile(), value }),
    )
    fc.assert(
      fc.property(anything, wrap, (value, wrapped) => {
        const input = wrapped(value)
        const copy = toJsonValue(input, limits)
        const text = JSON.stringify(copy)
        expect(JSON.parse(text)).toEqual(copy)
        expect(text.length).toBeLessThan(3000)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('cutText', () => {
  it('cuts between characters, never within one', () => {
    expect(cutText('ééé', 3)).toBe('é[truncated: 4 bytes]')
    expect(cutText('😀😀', 7)).toBe('😀[truncated: 4 bytes]')
    expect(cutText('abc', 3)).toBe('abc')
  })

  it('accepts lone surrogates', () => {
    expect(cutText('\ud800\ud800', 3)).toBe('\ud800[truncated: 3 bytes]')
  })
})
