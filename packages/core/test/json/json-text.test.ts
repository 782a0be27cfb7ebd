import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { isJson } from '../../src/json/json-text.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

function isRead(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const TOKENS = [
  ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"\\u00e9"', '"\\x"', '"\n"', '\\', ' ', '\n'],
  ...[
    '0',
    '01',
    '-',
    '-1',
    '1.5',
    '1.',
    '.5',
    '1e5',
    '1e+',
    'true',
    'nul',
    'null',
    '\uFEFF',
    "'a'",
  ],
]

it('isJson is true for exactly the texts that JSON.parse accepts', () => {
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 8 }).map((tokens) => tokens.join('')),
    fc.json(),
    fc.tuple(fc.json(), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
    fc.tuple(fc.json(), fc.constantFrom(...TOKENS), fc.nat()).map(([text, token, nth]) => {
      const at = nth % (text.length + 1)
      return text.slice(0, at) + token + text.slice(at)
    }),
    fc.string(),
  )
  fc.assert(
    fc.property(texts, (text) => {
      expect(isJson(text)).toBe(isRead(text))
    }),
    { numRuns: 20_000 },
  )
})

it('isJson accepts deep and long documents', () => {
  expect(isJson('['.repeat(100_000))).toBe(false)
  expect(isJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe(true)
  expect(isJson(`"${'a\\n'.repeat(300_000)}"`)).toBe(true)
  expect(isJson('1'.repeat(1_000_000))).toBe(true)
})
