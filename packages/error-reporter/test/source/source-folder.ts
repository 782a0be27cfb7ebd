import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FoundCode } from '../../src/code/protocol.js'
import { CodeFinder } from '../../src/source/code-finder.js'

/** A folder with an application in it. */
export interface SourceFolder {
  readonly root: string
  /** Writes a file, and returns its path. */
  write(name: string, text: string): string
  /** What a finder with this root finds of one place; each call asks a new one. */
  find(file: string, line?: number, column?: number, areMapped?: boolean): FoundCode | undefined
}

/** Makes an application's root in a folder of its own, which is removed at the end of the test. */
export function sourceFolder(): SourceFolder {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'code-')))
  const root = join(folder, 'app')
  mkdirSync(root)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    root,
    write(name, text) {
      const path = join(root, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    find(file, line = 1, column = 1, areMapped = false) {
      const startedAtMs = Date.now() + 1_000
      return new CodeFinder({ root, startedAtMs }).find([{ file, line, column }], areMapped)[0]
    },
  }
}

/** A map of one line, whose first place is the beginning of a line of its only source. */
export function mapTo(source: string, line: number, rest: object = {}): string {
  return JSON.stringify({
    version: 3,
    sources: [source],
    names: [],
    mappings: `AA${vlq(line - 1)}A`,
    ...rest,
  })
}

/** The comment that names a map. */
export function comment(url: string): string {
  return `\n//# sourceMappingURL=${url}\n`
}

/** The map in a comment. */
export function inline(map: string): string {
  return comment(`data:application/json;base64,${Buffer.from(map).toString('base64')}`)
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function vlq(value: number): string {
  let rest = value << 1
  let text = ''
  do {
    const digit = rest & 31
    rest >>>= 5
    text += DIGITS[rest > 0 ? digit | 32 : digit]
  } while (rest > 0)
  return text
}
