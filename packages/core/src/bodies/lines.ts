import type { Redactor } from '../redact/redactor.js'
import { leftOut } from './body.js'

const LINE_END = /\r\n|\n|\r/
// Not `[DONE]`, by which some streams end.
const STARTS_AS_JSON = /^\s*(?:[{"]|\[\s*[[{"])/

/** Redacts lines of JSON (NDJSON); one that cannot be read is dropped for a marker. */
export function redactJsonLines(text: string, isWhole: boolean, redactor: Redactor): string {
  const lines = text.split(LINE_END)
  // The last line of half a text is half a line.
  const cut = isWhole ? undefined : lines.pop()
  const redacted = lines.map((line) => (line.trim() === '' ? line : redactor.json(line)))
  if (cut !== undefined && cut !== '') redacted.push(leftOut(Buffer.byteLength(cut)))
  return redacted.join('\n')
}

/** Redacts server-sent events, which stay text: the data of each line as JSON where it starts so, else as text. */
export function redactEvents(text: string, isWhole: boolean, redactor: Redactor): string {
  const lines = text.split(LINE_END)
  const cut = isWhole ? undefined : lines.pop()
  const redacted = lines.map((line) => redactEventLine(line, redactor))
  if (cut !== undefined && cut !== '') redacted.push(leftOut(Buffer.byteLength(cut)))
  return redacted.join('\n')
}

function redactEventLine(line: string, redactor: Redactor): string {
  const colon = line.indexOf(':')
  if (colon === -1) return redactText(line, redactor)
  // A space behind the colon belongs to neither.
  const start = line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1
  const value = line.slice(start)
  return line.slice(0, start) + redactText(value, redactor)
}

// JSON of several lines is no JSON line by line, and is dropped.
function redactText(text: string, redactor: Redactor): string {
  return STARTS_AS_JSON.test(text) ? redactor.json(text) : String(redactor.value(text))
}
