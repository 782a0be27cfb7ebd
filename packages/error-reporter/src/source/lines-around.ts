/** Lines before and after the one that is meant. */
const LINES_BESIDE = 2
/** Lines above these that are given to the redactor, and not shown. */
const LINES_ABOVE = 20
/** Characters of a line that leave the thread; what a report keeps is less, so that a secret is not cut before it is redacted. */
const MAX_LINE_CHARS = 400
/** The longest private key that is looked for. */
const MAX_KEY_CHARS = 8_192

/** Some lines of a text. */
export interface Lines {
  /** The number of the first one, from 1. */
  readonly firstLine: number
  /** Those before the first one. */
  readonly above: readonly string[]
  readonly lines: readonly string[]
}

/** The lines around one, from 1; undefined for a text that has no such line. */
export function linesAround(text: string, line: number): Lines | undefined {
  const firstLine = Math.max(1, line - LINES_BESIDE)
  const begin = Math.max(1, firstLine - LINES_ABOVE)
  let start = startOfLine(text, begin)
  if (start === undefined) return undefined
  const lines: string[] = []
  for (let at = begin; at <= line + LINES_BESIDE && start <= text.length; at++) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    // Each line is copied, so that it does not keep the whole text.
    const isLast = newline < 0 && start === text.length
    if (!isLast || at <= line) lines.push(shownLine(text, start, end))
    start = end + 1
  }
  if (begin + lines.length <= line) return undefined
  const above = lines.splice(0, firstLine - begin)
  return { firstLine, above, lines }
}

function startOfLine(text: string, line: number): number | undefined {
  let start = 0
  for (let at = 1; at < line; at++) {
    const newline = text.indexOf('\n', start)
    if (newline < 0) return undefined
    start = newline + 1
  }
  return start
}

function shownLine(text: string, start: number, end: number): string {
  if (isOfPrivateKey(text, start)) return '…'
  const line = text.slice(start, Math.min(end, start + MAX_LINE_CHARS)).replace(/\r$/, '')
  const shown = line.replace(/(-----BEGIN [A-Z ]*PRIVATE KEY-----).+/, '$1…')
  return end - start > MAX_LINE_CHARS ? `${shown}…` : shown
}

/** A redactor knows a private key by its first line, which may be above those that are shown. */
function isOfPrivateKey(text: string, at: number): boolean {
  const above = text.slice(Math.max(0, at - MAX_KEY_CHARS), at)
  const begin = above.lastIndexOf('-----BEGIN ')
  if (begin < 0 || !above.slice(begin, begin + 60).includes('PRIVATE KEY')) return false
  return !above.includes('-----END ', begin)
}
