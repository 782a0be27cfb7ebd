import type { Redactor } from '@fastify-scs/core'
import { shortened } from '@fastify-scs/core/kit'
import type { CodeReport } from '../report/crash-report.js'
import type { FoundCode } from './protocol.js'

/** Characters of a line that a report keeps. */
export const MAX_LINE_CHARS = 200

/** The code around a place, as reports show it. */
export type PlaceCode = Omit<CodeReport, 'frame'>

/** What was found at a place, redacted and cut. */
export function redactedCode(found: FoundCode, redactor: Redactor): PlaceCode {
  const lines = redactedLines(found.lines, redactor)
  return {
    column: found.column,
    file: redactor.text(found.file),
    first_line: found.firstLine,
    line: found.line,
    lines: lines.map((text) => shortened(text, MAX_LINE_CHARS)),
  }
}

/** As one text: a secret may take up several lines. */
function redactedLines(lines: readonly string[], redactor: Redactor): readonly string[] {
  const redacted = redactor.text(lines.join('\n')).split('\n')
  // What was several lines is one now: which are left is not known.
  return redacted.length === lines.length ? redacted : lines.map(() => redactor.censor)
}
