import { describe, expect, it } from 'vitest'
import { type LoggedLine, LoggedLines, MAX_CHARS, MAX_LINES } from '../../src/log/logged-lines.js'

const logger = {}

function linesOf(texts: readonly string[]) {
  const lines = new LoggedLines(logger, 1_000)
  for (const [index, text] of texts.entries()) lines.add(logger, 30, text, 1_000 + index)
  return lines.list()
}

describe('the lines of a request', () => {
  it('are the newest ones, the oldest first', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `${index}`)
    expect(linesOf(texts).map(({ text }) => text)).toEqual(texts.slice(-MAX_LINES))
  })

  it('are no more than so many characters together', () => {
    const quarter = 'x'.repeat(MAX_CHARS / 4)
    expect(linesOf(Array(9).fill(quarter))).toHaveLength(4)
    const texts = linesOf([quarter, quarter, 'y'.repeat(MAX_CHARS), 'z']).map(
      ({ text }) => text?.length,
    )
    expect(texts).toEqual([1])
    expect(linesOf(['y'.repeat(MAX_CHARS)])).toHaveLength(1)
  })

  it('have their place, but no text, where they are too long', () => {
    const long = 'x'.repeat(MAX_CHARS + 1)
    expect(linesOf(['a', long, 'b']).map(({ text }) => text)).toEqual(['a', null, 'b'])
    expect(linesOf(Array(100).fill(long))).toHaveLength(MAX_LINES)
  })

  it('have the time after the first one, the level and the logger', () => {
    const [first, second] = linesOf(['a', 'b'])
    expect(first).toMatchObject({ afterMs: 0, level: 30, text: 'a' })
    expect(second?.afterMs).toBe(1)
    expect(second?.logger).toBe(logger)
  })

  it('are let go of while lines are written, and not only when somebody asks', () => {
    for (const text of ['short', 'x'.repeat(MAX_CHARS / 8)]) {
      const lines = new LoggedLines(logger, 0)
      for (let index = 0; index < 1_000; index++) {
        lines.add(logger, 30, text, index)
        let held = 0
        const { newest } = lines as unknown as { readonly newest: LoggedLine | null }
        for (let line = newest; line !== null; line = line.earlier) held++
        expect(held).toBeLessThan(2 * MAX_LINES)
        expect(held * text.length).toBeLessThanOrEqual(MAX_CHARS)
      }
    }
  })

  it('may be asked for while more are written', () => {
    const lines = new LoggedLines(logger, 0)
    for (let index = 0; index < 100; index++) {
      lines.add(logger, 30, `${index}`, index)
      const texts = lines.list().map(({ text }) => text)
      expect(texts).toHaveLength(Math.min(index + 1, MAX_LINES))
      expect(texts.at(-1)).toBe(`${index}`)
    }
  })
})
