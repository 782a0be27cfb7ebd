import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { printableText } from '../../src/log/printable-text.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

it('control characters, line separators and direction marks are escaped', () => {
  expect(printableText('a\r\nBcc: x\tb\u0000')).toBe('a\\u000d\\u000aBcc: x\\u0009b\\u0000')
  expect(printableText('\u007f\u0085\u009b2J')).toBe('\\u007f\\u0085\\u009b2J')
  expect(printableText('\u2028\u2029')).toBe('\\u2028\\u2029')
  expect(printableText('pay\u202etxt.exe\u2066\u2069\u200e\u200f\u061c')).toBe(
    'pay\\u202etxt.exe\\u2066\\u2069\\u200e\\u200f\\u061c',
  )
})

it('letters, emoji and all other visible characters are unchanged', () => {
  for (const text of ['plain', 'café Ωß 日本語 שלום مرحبا', '👩‍👩‍👧 🇩🇪 ✔️', ''])
    expect(printableText(text)).toBe(text)
})

it('a lone surrogate is escaped, so that the text is valid Unicode', () => {
  expect(printableText('a\ud83d')).toBe('a\\ud83d')
  expect(printableText('\ude00b😀')).toBe('\\ude00b😀')
})

it('the result never has anything left to escape', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const printable = printableText(text)
      expect(printable).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
      expect(printableText(printable)).toBe(printable)
    }),
  )
})
