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
  const lines = redactedLines(found, redactor)
  return {
    column: found.column,
    file: redactor.text(found.file),
    first_line: found.firstLine,
    line: found.line,
    lines: lines.map((text) => shortened(text, MAX_LINE_CHARS)),
  }
}

/**
 * As one text, with the lines above: a secret may take up several lines, and begin before those that are shown. Of these the last ones are shown
 * that read the same with the lines above and without; what a secret from above goes on in does not.
 */
function redactedLines(found: FoundCode, redactor: Redactor): readonly string[] {
  const { above, lines } = found
  const whole = `\n${redactor.text([...above, ...lines].join('\n'))}`
  for (let from = 0; from < lines.length; from++) {
    const redacted = redactor.text(lines.slice(from).join('\n'))
    if (!whole.endsWith(`\n${redacted}`)) continue
    const shown = redacted.split('\n')
    // What was several lines is one now: which are left is not known.
    if (shown.length !== lines.length - from) break
    return [...lines.slice(0, from).map(() => redactor.censor), ...shown]
  }
  return lines.map(() => redactor.censor)
}
