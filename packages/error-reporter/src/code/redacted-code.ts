import type { Redactor } from '@fastify-scs/core'
import { shortened } from '@fastify-scs/core/kit'
import type { CodeReport } from '../report/crash-report.js'
import type { OwnFrame } from './own-frames.js'
import type { FoundCode } from './protocol.js'

/** Characters of a line that a report keeps. */
export const MAX_LINE_CHARS = 200
/** Characters of all lines of code of a report. */
export const MAX_CODE_CHARS = 16_384

/** What was found, as a report shows it: redacted, cut, each line of the source once. */
export function redactedCode(
  frames: readonly OwnFrame[],
  found: readonly FoundCode[],
  redactor: Redactor,
): CodeReport[] {
  const distinct = distinctPlaces(found)
  const lines = redactedLines(distinct, redactor)
  const code: CodeReport[] = []
  let chars = 0
  for (const [at, { index, file, line, column, firstLine }] of distinct.entries()) {
    const shown = (lines[at] ?? []).map((text) => shortened(text, MAX_LINE_CHARS))
    chars += shown.reduce((sum, text) => sum + text.length, file.length)
    const frame = frames[index]?.frame
    if (frame === undefined || chars > MAX_CODE_CHARS) break
    // In the order of their names, as all fields of a report.
    code.push({
      column,
      file: redactor.text(file),
      first_line: firstLine,
      frame,
      line,
      lines: shown,
    })
  }
  return code
}

function distinctPlaces(found: readonly FoundCode[]): readonly FoundCode[] {
  const places = new Map<string, FoundCode>()
  for (const code of found) {
    const key = `${code.file}:${code.line}`
    if (!places.has(key)) places.set(key, code)
  }
  return [...places.values()]
}

/** All of them as one text, which the redactor remembers when the same crash comes again. */
function redactedLines(found: readonly FoundCode[], redactor: Redactor): readonly string[][] {
  const all = found.flatMap(({ lines }) => lines)
  const redacted = redactor.text(all.join('\n')).split('\n')
  // What is redacted over several lines would shift those below.
  if (redacted.length !== all.length) return found.map(({ lines }) => ownLines(lines, redactor))
  let start = 0
  return found.map(({ lines }) => {
    const end = start + lines.length
    const own = redacted.slice(start, end)
    start = end
    return own
  })
}

function ownLines(lines: readonly string[], redactor: Redactor): string[] {
  const redacted = redactor.text(lines.join('\n')).split('\n')
  return redacted.length === lines.length ? redacted : lines.map(() => redactor.censor)
}
