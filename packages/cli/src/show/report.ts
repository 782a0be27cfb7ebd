import { fieldAt, isObject, listAt, numberAt, textAt } from '@fastify-scs/core/kit'
import type { Output } from '../output/output.js'

/** Lines of a stack trace that are shown. */
const MAX_TRACE = 15
/** Characters of a body that are shown. */
const MAX_BODY = 2_000

/** Writes what a crash report says: the error, its code lines and causes, the request and the answer. */
export async function writeReport(output: Output, data: unknown): Promise<void> {
  await writeTrace(output, 'Stack trace', listAt(data, 'trace'))
  for (const code of listAt(data, 'code')) await writeCode(output, code)
  for (const cause of listAt(data, 'causes')) {
    const title = [textAt(cause, 'name'), textAt(cause, 'message')].filter(Boolean).join(': ')
    await writeTrace(output, `Caused by ${title}`, listAt(cause, 'trace'))
  }
  await writeRequest(output, fieldAt(data, 'request'))
  await writeFields(output, 'Answer', fieldAt(data, 'response'))
  await writeFields(output, 'User', fieldAt(data, 'user'))
  await writeFields(output, 'Data', fieldAt(data, 'data'))
}

/** Writes an object, a line for each field that has a value. */
export async function writeFields(output: Output, title: string, value: unknown): Promise<void> {
  if (!isObject(value)) return
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== '')
  if (fields.length === 0) return
  await writeTitle(output, title)
  for (const [name, field] of fields) await output.line(`  ${name}: ${shown(field)}`)
}

/** Writes a title with an empty line before it. */
export async function writeTitle(output: Output, title: string): Promise<void> {
  await output.line()
  await output.line(title, 'bold')
}

async function writeTrace(output: Output, title: string, lines: readonly unknown[]): Promise<void> {
  if (lines.length === 0) return
  await writeTitle(output, title)
  for (const line of lines.slice(0, MAX_TRACE)) await output.line(`  ${String(line).trim()}`)
  if (lines.length > MAX_TRACE) await output.line(`  ${lines.length - MAX_TRACE} more lines`, 'dim')
}

async function writeCode(output: Output, code: unknown): Promise<void> {
  const line = numberAt(code, 'line')
  const first = numberAt(code, 'first_line') ?? 1
  const lines = listAt(code, 'lines')
  await writeTitle(output, `${textAt(code, 'file')}:${line}:${numberAt(code, 'column')}`)
  const digits = String(first + lines.length).length
  for (const [at, text] of lines.entries()) {
    const isIt = first + at === line
    const number = String(first + at).padStart(digits)
    await output.line(`${isIt ? '>' : ' '} ${number} | ${String(text)}`, isIt ? 'red' : undefined)
  }
}

async function writeRequest(output: Output, request: unknown): Promise<void> {
  if (!isObject(request)) return
  const title = ['Request', textAt(request, 'method'), textAt(request, 'url')].filter(Boolean)
  await writeTitle(output, title.join(' '))
  for (const name of ['id', 'route', 'params', 'query', 'headers', 'body']) {
    const value = fieldAt(request, name)
    const isEmpty = value === null || value === undefined || shown(value) === '{}'
    if (!isEmpty) await output.line(`  ${name}: ${shown(value)}`)
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}… (${text.length} characters)` : text
}
