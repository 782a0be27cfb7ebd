import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { parseJson } from '../../src/json/json-number.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

it.each([
  ['9007199254740993', 'an id above 2^53'],
  ['1234567890123456789', 'a snowflake'],
  ['-12345678901234567890', 'a negative one'],
  ['1e400', 'more than a double holds'],
  ['-1E400', 'less than a double holds'],
  ['1e-400', 'smaller than a double holds'],
  ['1.2345678901234e-320', 'what a double holds with fewer digits'],
  ['0.1000000000000000055511151231257827', 'more digits than a double holds'],
  ['0.10000000000000000001', 'a digit at the end'],
  ['12345678.123456789', 'digits on both sides of the point'],
  ['-0', 'a negative zero'],
  ['-0.0', 'a negative zero with a point'],
  ['1'.repeat(40), 'a very long one'],
])('a number that JavaScript would change becomes its text: %s (%s)', (number) => {
  expect(parseJson(number)).toBe(number)
  expect(parseJson(`[${number}]`)).toEqual([number])
  expect(parseJson(`{"a": ${number} ,"b":[1,{"c":${number}}]}`)).toEqual({
    a: number,
    b: [1, { c: number }],
  })
})

it.each([
  ['0', 0],
  ['1.0', 1],
  ['1E2', 100],
  ['19.90', 19.9],
  ['0.1', 0.1],
  ['-0.5', -0.5],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992],
  ['123456789012345680000', 123456789012345680000],
  ['1.0000000000000000000000', 1],
  ['0.000000000000000000001', 1e-21],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['5e-324', 5e-324],
  ['0e999', 0],
])('a number that keeps its value stays a number: %s', (text, value) => {
  expect(parseJson(text)).toBe(value)
  expect(parseJson(`[1,${text}]`)).toEqual([1, value])
})

it('digits within a string or a key are not changed', () => {
  const text = '{"12345678901234567890":"1e400 -0 \\" 12345678901234567890","a\\\\":-0}'
  expect(parseJson(text)).toEqual(JSON.parse(text.replace(':-0', ':"-0"')))
})

it.each(['{12345678901234567890:1}', '[012345678901234567890]', '1e400e', '[1e400', '"1e400'])(
  'malformed JSON stays malformed: %s',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  },
)

it('each number of any document becomes itself or its text', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 25 })
  const number = fc
    .tuple(fc.constantFrom('', '-'), digits, digits, fc.option(fc.integer({ min: -400, max: 400 })))
    .map(([sign, whole, fraction, exponent]) => {
      const integer = whole.replace(/^0+(?=\d)/, '') || '0'
      const point = fraction === '' ? '' : `.${fraction}`
      return `${sign}${integer}${point}${exponent === null ? '' : `e${exponent}`}`
    })
  fc.assert(
    fc.property(fc.array(number), fc.constantFrom(' ', '', '\n'), (numbers, space) => {
      const parsed = parseJson(`[${numbers.join(`,${space}`)}]`) as (number | string)[]
      for (const [at, value] of parsed.entries()) {
        if (typeof value === 'string') expect(value).toBe(numbers[at])
        else expect(sameValue(String(value), numbers[at] ?? '')).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

/** Compares by integers, so with no rounding. */
function sameValue(left: string, right: string): boolean {
  const [a, b] = [scaled(left), scaled(right)]
  const low = Math.min(a.power, b.power)
  return a.digits * 10n ** BigInt(a.power - low) === b.digits * 10n ** BigInt(b.power - low)
}

function scaled(number: string): { readonly digits: bigint; readonly power: number } {
  const [mantissa = '', exponent = '0'] = number.split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length }
}
