import { describe, expect, it } from 'vitest'
import { LoggedLines, MAX_CHARS, MAX_LINES } from '../../src/log/logged-lines.js'

const logger = {}

function linesOf(texts: readonly string[]) {
  const lines = new LoggedLines(logger, true)
  for (const text of texts) lines.add(logger, 30, text)
  return lines.lines
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

  it('have the time at which they were written, and pino’s level', () => {
    const before = Date.now()
    const [line] = linesOf(['a'])
    expect(line).toMatchObject({ level: 30, logger })
    expect(line?.at).toBeGreaterThanOrEqual(before)
    expect(line?.at).toBeLessThanOrEqual(Date.now())
  })
})
