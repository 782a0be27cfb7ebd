import { expect, it } from 'vitest'
import { bytesText, countOf, shareText, shortCountText } from '../../page/components/number-text.js'

it('a count is exact up to five digits, then short', () => {
  expect(shortCountText(9_999)).toBe('9,999')
  expect(shortCountText(12_340)).toBe('12.3K')
  expect(shortCountText(4_200_000)).toBe('4.2M')
})

it('a noun follows its count', () => {
  expect(countOf(1, 'user')).toBe('1 user')
  expect(countOf(0, 'user')).toBe('0 users')
  expect(countOf(2, 'body', 'bodies')).toBe('2 bodies')
})

it('bytes are in the unit that reads best', () => {
  expect(bytesText(0)).toBe('0 B')
  expect(bytesText(999)).toBe('999 B')
  expect(bytesText(999.9)).toBe('1 kB')
  expect(bytesText(4_240_000)).toBe('4.2 MB')
  expect(bytesText(250_000_000)).toBe('250 MB')
})

it('a share that is small is not shown as none', () => {
  expect(shareText(0)).toBe('0 %')
  expect(shareText(0.0004)).toBe('< 0.1 %')
  expect(shareText(0.004)).toBe('0.4 %')
  expect(shareText(0.123)).toBe('12 %')
})
