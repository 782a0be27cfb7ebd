import type { ErrorFormatName } from '@fastify-scs/core'
import { expect } from 'vitest'

/** What an error answer says, in whichever format. */
export interface ToldError {
  readonly status: number
  /** The id in kebab-case, which the formats `scs` and `problem` have. */
  readonly id: string
  /** The code in upper snake case, which the format `pymacaron` has. @default the id in upper snake case */
  readonly code?: string
  /** The message, or a part of it. */
  readonly message: string
  readonly details?: unknown
}

/** Fails unless an answer is an error of ours, in our format and with our content type. */
export async function expectError(
  answer: Response,
  format: ErrorFormatName,
  told: ToldError,
): Promise<void> {
  const text = await answer.text()
  expect(answer.status, text).toBe(told.status)
  const subtype = format === 'problem' ? 'problem+json' : 'json'
  expect(answer.headers.get('content-type'), text).toBe(`application/${subtype}; charset=utf-8`)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(JSON.parse(text)).toEqual(bodyOf(format, told))
}

/** The body of an error in a format; `error_id` and the path of the request may be any. */
export function bodyOf(format: ErrorFormatName, told: ToldError): unknown {
  const { status, id, details } = told
  const message = expect.stringContaining(told.message)
  if (format === 'scs') return { error: { id, message, ...(details ? { details } : {}) } }
  const errorId = status < 500 ? {} : { error_id: expect.any(String) }
  if (format === 'pymacaron') {
    const code = told.code ?? id.toUpperCase().replaceAll('-', '_')
    const shown = details ? { error_details: details } : {}
    const body = { error: code, error_description: message, status, ...errorId, ...shown }
    return expect.toSatisfy((seen) => equals(seen, body), JSON.stringify(body))
  }
  const name = Array.isArray(details) ? 'errors' : 'details'
  return {
    type: expect.any(String),
    title: expect.any(String),
    status,
    detail: message,
    instance: expect.any(String),
    id,
    ...errorId,
    ...(details ? { [name]: details } : {}),
  }
}

/** Whether a body is the expected one; `user_message` may be there or not. */
function equals(seen: unknown, expected: object): boolean {
  const { user_message: _own, ...rest } = seen as Record<string, unknown>
  expect(rest).toEqual(expected)
  return true
}

/** Headers that an error answer of ours may have otherwise, or in addition. */
const OURS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-length',
  'content-type',
  'date',
  'x-content-type-options',
  'x-error-id',
])

/** The status and the headers of an answer, except for those that are ours. */
export function headOf({ status, headers }: Response): object {
  return {
    status,
    headers: Object.fromEntries([...headers].filter(([name]) => !OURS.has(name))),
  }
}
