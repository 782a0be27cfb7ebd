import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { beginningOf, cutText, shortened } from '../../src/kit/cut-text.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

/** Half a surrogate pair. */
const HALF = /\p{Cs}/u

it('a text is never cut within a surrogate pair', () => {
  const text = `x${'😀'.repeat(10)}`
  for (let max = 0; max <= text.length; max += 1) {
    expect(beginningOf(text, max)).not.toMatch(HALF)
    expect(shortened(text, max)).not.toMatch(HALF)
    expect(cutText(text, max)).not.toMatch(HALF)
    expect(beginningOf(text, max).length).toBeGreaterThanOrEqual(max - 1)
  }
})

it('nor within a character that people see as one', () => {
  const seen = ['👩‍👩‍👧', '🇩🇪', 'e\u0301', '👍🏽', '❤️', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']
  for (const character of seen) {
    const text = `ab${character}${character}`
    const whole = ['ab', `ab${character}`, text]
    for (let max = 2; max <= text.length; max += 1) expect(whole).toContain(beginningOf(text, max))
  }
})

it('what is one character beyond all measure is cut between two code points', () => {
  const text = `a${'\u0301'.repeat(500)}`
  expect(beginningOf(text, 300)).toHaveLength(300)
  expect(beginningOf('🇩'.repeat(200), 301)).not.toMatch(HALF)
})

it('the beginning is a prefix of at most so many code units, and Unicode if the text is', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '😀', '\u200d', '\u0301', '🇩', '👍', '🏽') })
  fc.assert(
    fc.property(texts, fc.nat(40), (text, max) => {
      const beginning = beginningOf(text, max)
      expect(text.startsWith(beginning)).toBe(true)
      expect(beginning.length).toBeLessThanOrEqual(max)
      expect(beginning).not.toMatch(HALF)
      expect(shortened(text, max + 1).length).toBeLessThanOrEqual(max + 1)
    }),
  )
})
