import type { JsonValue } from '../json/json-value.js'
import type { Redactor } from '../redact/redactor.js'
import type { WorkBudget } from '../redact/work-budget.js'
import type { PlainBody } from './body.js'

const MAX_PARTS = 100
const MAX_HEAD_BYTES = 8_192
const HEAD_END = Buffer.from('\r\n\r\n')
const DISPOSITION = /^content-disposition:(.*)$/im
const TYPE = /^content-type:(.*)$/im
const NAME = /;\s*name="?([^";]*)"?/i
const FILE_NAME = /;\s*filename\*?="?([^";]*)"?/i

/** Describes the parts of a multipart body by name, file name, type and size. Their content is not kept. */
export function describeMultipart(
  { bytes, isWhole }: PlainBody,
  boundary: string,
  redactor: Redactor,
  budget: WorkBudget,
): JsonValue[] {
  const mark = Buffer.from(`--${boundary}`)
  const parts: JsonValue[] = []
  let at = bytes.indexOf(mark)
  while (at !== -1) {
    const start = at + mark.length
    // Two dashes after the boundary end the body.
    if (bytes.toString('latin1', start, start + 2) === '--') break
    if (parts.length >= MAX_PARTS) {
      parts.push('[truncated: more parts]')
      break
    }
    const next = bytes.indexOf(mark, start)
    const end = next === -1 ? bytes.length : next - 2
    parts.push(describePart(bytes, start + 2, Math.max(start + 2, end), redactor, budget))
    at = next
  }
  if (!isWhole) parts.push('[truncated: the rest of the body]')
  return parts
}

function describePart(
  bytes: Buffer,
  start: number,
  end: number,
  redactor: Redactor,
  budget: WorkBudget,
): JsonValue {
  const head = bytes.subarray(start, Math.min(end, start + MAX_HEAD_BYTES))
  const headEnd = head.indexOf(HEAD_END)
  if (headEnd === -1) return { name: null, bytes: end - start }
  const text = head.toString('utf8', 0, headEnd)
  const disposition = DISPOSITION.exec(text)?.[1] ?? ''
  const type = TYPE.exec(text)?.[1]?.trim()
  const fileName = FILE_NAME.exec(disposition)?.[1]
  const name = NAME.exec(disposition)?.[1]
  return {
    name: name === undefined ? null : redactor.text(name, budget),
    ...(fileName === undefined ? {} : { fileName: redactor.text(fileName, budget) }),
    ...(type === undefined ? {} : { type: redactor.text(type, budget) }),
    bytes: end - start - headEnd - HEAD_END.length,
  }
}
