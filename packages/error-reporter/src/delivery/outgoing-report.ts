import type { JsonValue } from '@fastify-scs/core'
import type { CrashReport } from '../report/crash-report.js'
import type { ErrorReporter } from '../reporters/reporter.js'

/** A report on its way to the reporters, with what they are passed beside it. */
export class OutgoingReport {
  readonly report: CrashReport
  readonly #error: unknown
  #message: string | undefined

  /** @param error what was thrown or caught; only the reporters get it */
  constructor(report: CrashReport, error: unknown) {
    this.report = report
    this.#error = error
  }

  /** What was thrown or caught, not redacted. A getter, so that nobody writes it to a log with the other fields. */
  get error(): unknown {
    return this.#error
  }

  /** The report as JSON for people, made once for all reporters; empty for a reporter that does not read it. */
  messageFor(reporter: ErrorReporter): string {
    if (reporter.ignoresMessage === true) return ''
    this.#message ??= sortedJson(this.report)
    return this.#message
  }
}

/**
 * JSON for people: indented by four, keys sorted. From PyMacaron's crash dumps. Written here, since a sorted copy for
 * `JSON.stringify` costs twice as much as the text itself.
 */
export function sortedJson(value: JsonValue): string {
  return textOf(value, '\n')
}

function textOf(value: JsonValue | undefined, newline: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return Array.isArray(value) ? arrayText(value, newline) : objectText(value, newline)
}

function arrayText(items: readonly JsonValue[], newline: string): string {
  if (items.length === 0) return '[]'
  const inner = `${newline}    `
  let text = '['
  let separator = inner
  for (const item of items) {
    text += separator + textOf(item, inner)
    separator = `,${inner}`
  }
  return `${text}${newline}]`
}

function objectText(fields: { readonly [key: string]: JsonValue }, newline: string): string {
  const inner = `${newline}    `
  let text = '{'
  let separator = inner
  for (const key of sortedKeys(fields)) {
    const value = fields[key]
    if (value === undefined) continue
    text += `${separator}${quoted(key)}: ${textOf(value, inner)}`
    separator = `,${inner}`
  }
  return text === '{' ? '{}' : `${text}${newline}}`
}

/** Most parts of a report are made in order, and a look costs less than sorting. */
function sortedKeys(fields: object): string[] {
  const keys = Object.keys(fields)
  for (let at = 1; at < keys.length; at++) {
    if ((keys[at] as string) < (keys[at - 1] as string)) return keys.sort()
  }
  return keys
}

/** Printable ASCII without quotes and backslashes; it stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}
