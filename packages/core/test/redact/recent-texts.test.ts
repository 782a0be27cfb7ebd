import { expect, it, vi } from 'vitest'
import { withRecentTexts } from '../../src/redact/recent-texts.js'

const long = (name: string): string => name.repeat(300)

it('a text that comes again is answered from memory, among the last 32', () => {
  const make = vi.fn((text: string) => text.toUpperCase())
  const recent = withRecentTexts(make)
  for (let round = 0; round < 3; round++) expect(recent(long('a'))).toBe(long('A'))
  expect(make).toHaveBeenCalledTimes(1)
  for (let at = 0; at < 32; at++) recent(long(`${at}.`))
  expect(recent(long('a'))).toBe(long('A'))
  expect(make).toHaveBeenCalledTimes(34)
})

it('short and very long texts are not kept', () => {
  const make = vi.fn((text: string) => text)
  const recent = withRecentTexts(make)
  for (const text of ['short', long('x').repeat(100)]) {
    recent(text)
    recent(text)
  }
  expect(make).toHaveBeenCalledTimes(4)
})
