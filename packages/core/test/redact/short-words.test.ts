import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'
import { SECRET_SHAPES } from '../../src/redact/secret-shapes.js'
import { isShortWordOrTime } from '../../src/redact/shape-scan.js'

vi.setConfig({ testTimeout: 120_000 })

const redactor = createRedactor()
const TIMES = ['2026-01-01T00:00:00', '2026-01-01T00:00:59.123456789', '4111-11-11T11:11:11.1']
const PIECES = [
  ...['eyJ', 'EyJ', 'ey', 'J', '.', '..', '-', '--', '+', '@', ',', '_', ':', 'Z', '+02:00', ' '],
  ...['a', 'abcd', 'key', 'pin', '1', '41', '4111', '4111111111111111', '1111-1111-1111'],
  ...SECRET_SHAPES.flatMap(({ prefixes }) => prefixes),
]

it.each([
  'eyJ.ghp_',
  'x.eyJ.abcd-',
  '2026-01-01T00:00:00Z.4111111111111111',
  '2026-01-01T00:00:00:4111111111111111',
  '2026-01-01T00:00:00Z-4111-1111-1111-1111',
])('%s, which a redactor changes, is no short word or time', (text) => {
  expect(redactor.value(text)).not.toBe(text)
  expect(isShortWordOrTime(text)).toBe(false)
})

it.each([
  'sku-7919',
  'a@b.example',
  '19.90',
  '',
  '2026-01-01T00:00:00.412Z',
  '2026-01-01T00:00:00+0200',
])('%s is a short word or time', (text) => {
  expect(isShortWordOrTime(text)).toBe(true)
})

it('no redactor changes a short word or a time', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 })
  const texts = fc
    .tuple(fc.constantFrom('', '', ...TIMES), pieces)
    .map(([time, rest]) => time + rest.join(''))
  let short = 0
  fc.assert(
    fc.property(texts, (text) => {
      if (!isShortWordOrTime(text)) return
      short += 1
      expect(redactor.value(text)).toBe(text)
    }),
    { numRuns: 20_000 },
  )
  expect(short).toBeGreaterThan(2_000)
})
