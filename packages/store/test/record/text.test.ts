import { expect, it } from 'vitest'
import { storableText } from '../../src/record/text.js'

it('a text that is cut to a length keeps whole characters', () => {
  const text = `x${'😀'.repeat(10)}`
  for (let max = 1; max <= text.length; max += 1) {
    const cut = storableText(text, max)
    expect(cut).not.toMatch(/[\p{Surrogate}\ufffd]/u)
    expect(cut.length).toBeGreaterThanOrEqual(max - 1)
  }
})

it('half a surrogate pair and NUL, which no database keeps, are replaced', () => {
  expect(storableText('a\ud83d\0b')).toBe('a\ufffd\ufffdb')
})
