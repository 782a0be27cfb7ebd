import { fieldAt, textAt } from '@fastify-scs/core/kit'

/** A name of a method or a header, as RFC 9110 has it. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Headers that curl sets by itself, or that hold for one connection. */
const OWN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'sec-fetch-mode',
  'transfer-encoding',
])

/**
 * An outbound call as a command for a POSIX shell, from its record: what was redacted in that stays so. Null for a call that
 * came in, and for one whose address is not known.
 */
export function curlOf(data: object): string | null {
  const url = textAt(data, 'url')
  const method = textAt(data, 'method')
  if (fieldAt(data, 'isRemoteRequest') !== true || url === null || method === null) return null
  if (!/^https?:\/\//i.test(url) || !TOKEN.test(method)) return null
  const body = bodyOf(fieldAt(data, 'data'))
  const parts = [
    // Brackets and braces of the address are meant as they are.
    `curl --globoff --request ${quoted(method)} --url ${quoted(url)}`,
    ...headersOf(fieldAt(data, 'requestHeaders')).map((header) => `--header ${quoted(header)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ]
  return parts.join(' \\\n  ')
}

/** A text as one word of a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replace(/\0/g, '').replaceAll("'", `'\\''`)}'`
}

function headersOf(headers: unknown): string[] {
  if (typeof headers !== 'object' || headers === null) return []
  return Object.entries(headers)
    .filter(([name]) => TOKEN.test(name) && !OWN.has(name.toLowerCase()))
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one]))
    .map(([name, value]) => `${name}: ${String(value).replace(/[\r\n]+/g, ' ')}`)
}

function bodyOf(data: unknown): string | undefined {
  if (data === null || data === undefined) return undefined
  return typeof data === 'string' ? data : JSON.stringify(data)
}
