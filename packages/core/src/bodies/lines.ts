import { isMarker, unparsable } from '../redact/redact-rules.js'
import type { Redactor } from '../redact/redactor.js'
import type { WorkBudget } from '../redact/work-budget.js'
import { leftOut } from './body.js'
import { JsonReader } from './redact-parsed.js'

const LINE_END = /\r\n|\n|\r/g
// Does not match `[DONE]`, with which some streams end.
const STARTS_AS_JSON = /^\s*(?:[{"]|\[\s*[[{"])/
/** The character before each text of `application/json-seq`. Source: RFC 7464. */
const RECORD_SEPARATOR = '\u001e'
/** Units of work for a line, in addition to its content. */
const LINE_UNITS = 6

/** Redacts lines of JSON (NDJSON, JSON text sequences). A line that cannot be parsed is replaced by a marker. */
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

/** Redacts server-sent events. The value of each line is redacted as JSON if it starts like JSON, else as text. */
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
    // JSON that spans several lines cannot be parsed line by line, and is dropped.
    const isJson = STARTS_AS_JSON.test(value)
    return (
      line.slice(0, start) +
      (isJson ? redactJson(value, reader) : String(redactor.value(value, budget)))
    )
  })
}

/** Where the value of an event's field starts: after the colon and one optional space. */
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
  // The last line of an incomplete text may be incomplete.
  if (isWhole && !budget.isSpent) return redacted + redact(last)
  return last === '' ? redacted : redacted + leftOut(Buffer.byteLength(last))
}
