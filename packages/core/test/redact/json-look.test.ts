import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mayBeJson } from '../../src/redact/json-look.js'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const token = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u00e9"',
    '"\\x"',
    '"',
    '1',
    '-0.5e3',
    '01',
    'null',
    'tru',
    ' ',
    '\n',
  ],
)

it('a short text is told from JSON exactly as JSON.parse would', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(token, { maxLength: 8 }).map((parts) => parts.join('')),
        fc.json({ maxDepth: 3 }).filter((text) => text.length <= 256),
        fc.json({ maxDepth: 2 }).map((text) => text.slice(0, 100)),
        fc.string(),
      ),
      (text) => {
        expect(mayBeJson(text)).toBe(isJson(text))
      },
    ),
    { numRuns: 5000 },
  )
})

it('a long one is left to JSON.parse', () => {
  expect(mayBeJson('['.repeat(300))).toBe(true)
})
