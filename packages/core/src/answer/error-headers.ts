import type { FastifyReply } from 'fastify'
import { isHttp2Reply } from './planned-headers.js'
import { isSendable } from './sendable-header.js'

/** Says whether an answer takes a header, by its name in lower case, from an error's own `headers`. */
export type HeaderTest = (name: string) => boolean

/** What an error may tell the client of by itself. From RFC 9110, RFC 6585 and the drafts of rate limit headers. */
const BUILT_IN: readonly string[] = [
  'allow',
  'proxy-authenticate',
  'ratelimit',
  'ratelimit-*',
  'retry-after',
  'www-authenticate',
  'x-ratelimit-*',
]

/** Core's own; no option lets an error write them. */
const NEVER: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'trailer',
  'transfer-encoding',
  'x-error-id',
])

/** Makes the test: the built-in names and those of the option `errorHeaders`; a `*` at the end stands for any ending. */
export function createHeaderTest(added: readonly string[]): HeaderTest {
  const names = new Set<string>()
  const beginnings: string[] = []
  for (const given of [...BUILT_IN, ...added]) {
    const name = given.toLowerCase()
    if (name.endsWith('*')) beginnings.push(name.slice(0, -1))
    else names.add(name)
  }
  return (name) =>
    !NEVER.has(name) &&
    (names.has(name) || beginnings.some((beginning) => name.startsWith(beginning)))
}

/** The names of an error's own headers, in lower case; none where they cannot be read. Never throws. */
export function headerNamesOf(thrown: unknown): readonly string[] {
  try {
    const headers = (thrown as { headers?: unknown } | null | undefined)?.headers
    if (typeof headers !== 'object' || headers === null) return []
    return Object.keys(headers).map((name) => name.toLowerCase())
  } catch {
    // A getter or a Proxy trap threw.
    return []
  }
}

/** Sets each header that an error brings, the test lets through and HTTP allows. Never throws. */
export function takeErrorHeaders(
  thrown: unknown,
  isAllowed: HeaderTest,
  reply: FastifyReply,
): void {
  try {
    if (typeof thrown !== 'object' || thrown === null) return
    const { headers } = thrown as { headers?: unknown }
    if (typeof headers !== 'object' || headers === null) return
    const isHttp2 = isHttp2Reply(reply)
    for (const given of Object.keys(headers)) {
      const name = given.toLowerCase()
      if (!isAllowed(name)) continue
      const value = (headers as Record<string, unknown>)[given]
      if (!isSendable(name, value, isHttp2)) continue
      reply.header(name, Array.isArray(value) ? value.map(String) : String(value))
    }
  } catch {
    // The headers cannot be read: the answer goes without those that are left.
  }
}
