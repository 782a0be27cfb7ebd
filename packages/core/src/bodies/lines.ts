import { isMarker, unparsable } from '../redact/redact-rules.js'
import type { Redactor } from '../redact/redactor.js'
import type { WorkBudget } from '../redact/work-budget.js'
import { leftOut } from './body.js'
import { JsonReader } from './redact-parsed.js'

const LINE_END = /\r\n|\n|\r/g
// Not `[DONE]`, by which some streams end.
const STARTS_AS_JSON = /^\s*(?:[{"]|\[\s*[[{"])/
/** The character that begins each text of `application/json-seq` (RFC 7464). */
const RECORD_SEPARATOR = '\u001e'
/** What a line costs besides what is in it. */
const LINE_UNITS = 6

/** Redacts lines of JSON (NDJSON, JSON text sequences); one that cannot be read is dropped for a marker. */
export function redactJsonLines(
  text: string,
  isWhole: boolean,
  redactor: Redactor,
  budget: WorkBudget,
): string {
  const reader = new JsonReader(redactor, budget)
  return redactLines(text, isWhole, budget, (line) => {
    const start = line.startsWith(RECORD_SEPARATOR) ? 1 : 0
    const json = line.slice(start)
    return json.trim() === '' ? line : line.slice(0, start) + redactJson(json, reader)
  })
}

/** Redacts server-sent events, which stay text: the data of each line as JSON where it starts so, else as text. */
export function redactEvents(
  text: string,
  isWhole: boolean,
  redactor: Redactor,
  budget: WorkBudget,
): string {
  const reader = new JsonReader(redactor, budget)
  return redactLines(text, isWhole, budget, (line) => {
    const start = valueStart(line)
    const value = line.slice(start)
    // JSON of several lines is no JSON line by line, and is dropped.
    const isJson = STARTS_AS_JSON.test(value)
    return (
      line.slice(0, start) +
      (isJson ? redactJson(value, reader) : String(redactor.value(value, budget)))
    )
  })
}

/** Where the value of a field of an event starts; a space behind the colon belongs to neither. */
function valueStart(line: string): number {
  const colon = line.indexOf(':')
  if (colon === -1) return 0
  return line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1
}

function redactJson(text: string, reader: JsonReader): string {
  const read = reader.read(text, true)
  if (read !== undefined) return JSON.stringify(read.value)
  return isMarker(text) ? text : unparsable(text)
}

function redactLines(
  text: string,
  isWhole: boolean,
  budget: WorkBudget,
  redact: (line: string) => string,
): string {
  let redacted = ''
  let start = 0
  for (const { index, 0: end } of text.matchAll(LINE_END)) {
    if (!budget.spend(LINE_UNITS)) break
    redacted += `${redact(text.slice(start, index))}\n`
    start = index + end.length
  }
  const last = text.slice(start)
  // The last line of half a text is half a line.
  if (isWhole && !budget.isSpent) return redacted + redact(last)
  return last === '' ? redacted : redacted + leftOut(Buffer.byteLength(last))
}
