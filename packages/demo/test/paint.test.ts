import { stripVTControlCharacters } from 'node:util'
import { afterEach, expect, it, vi } from 'vitest'
import { painted, printerTo } from '../src/paint.js'

const ESCAPE = '\u001b['

/** A terminal or a pipe that keeps what is written. */
function stream(isTTY: boolean, colors: boolean) {
  const written: string[] = []
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0
  return { written, out: { isTTY, write, hasColors: () => colors } }
}

afterEach(() => vi.unstubAllEnvs())

it('a terminal with colours gets them, anything else plain text', () => {
  vi.stubEnv('FORCE_COLOR', '1')
  for (const [isTTY, colors, isPainted] of [
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ] as const) {
    const { out, written } = stream(isTTY, colors)
    printerTo(out)('\n# A title\n< 500 Internal Server Error')
    expect(written.join('').includes(ESCAPE)).toBe(isPainted)
    expect(written.join('').endsWith('\n')).toBe(true)
  }
})

it('colours change no text', () => {
  vi.stubEnv('FORCE_COLOR', '1')
  const text = '# A title\n> GET /\n< 200 OK {}\n  audit WARN: x\n  log ERROR: y\nplain\n'
  const shown = painted(text)
  expect(shown).not.toBe(text)
  expect(stripVTControlCharacters(shown)).toBe(text)
  expect(shown).toContain('\nplain\n')
})
