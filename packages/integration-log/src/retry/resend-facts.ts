import { createHash } from 'node:crypto'
import type { JsonValue } from '@fastify-scs/core'
import { formOf, type PlainBody, parseContentType, readBody } from '@fastify-scs/core/kit'
import type { RecordedCall } from '../calls/recorded-call.js'
import { headerOf, pairsOf, type RawHeaders } from '../raw-headers.js'
import type { IntegrationRecord, RecordedHeaders, ResendFacts } from '../record.js'
import type { ResolvedService } from '../service-options.js'

/** Headers that belong to one attempt, or that fetch sets itself. */
const OWN_OF_ATTEMPT = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'accept-encoding',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
])

/** The parts of a request that its record lacks, found by comparing the two. */
export function resendFactsOf(
  call: RecordedCall,
  service: ResolvedService,
  fields: Pick<IntegrationRecord, 'url' | 'requestHeaders' | 'data'>,
  body: PlainBody | undefined,
): ResendFacts {
  const missing: string[] = []
  const { method, url } = call.start
  if (fields.url !== url) missing.push('url')
  missing.push(...missingHeaders(call.requestHeaders, fields.requestHeaders ?? {}))
  const text = bodyToSend(fields)
  if (!isWhole(body, text, call.requestHeaders)) missing.push('body')
  else if (body === undefined && !isBodyless(method) && isBodyUnseen(call, service))
    missing.push('body')
  return text === undefined || missing.includes('body')
    ? { missing }
    : { missing, bodySha256: sha256Of(text) }
}

/** The headers to send again: those of the record, without those of one attempt. */
export function headersToSend(record: Pick<IntegrationRecord, 'requestHeaders'>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(record.requestHeaders ?? {})) {
    if (OWN_OF_ATTEMPT.has(name)) continue
    for (const each of typeof value === 'string' ? [value] : value) headers.append(name, each)
  }
  return headers
}

/** The body to send again; undefined for none. JSON has the same value, not the same bytes. */
export function bodyToSend({
  data,
  requestHeaders,
}: Pick<IntegrationRecord, 'data' | 'requestHeaders'>): string | undefined {
  if (data === null) return undefined
  if (typeof data !== 'string') return JSON.stringify(data)
  return isJsonType(requestHeaders?.['content-type']) ? JSON.stringify(data) : data
}

/** SHA-256 of what is sent, which tells whether a recorded body was changed since. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function missingHeaders(sent: RawHeaders, recorded: RecordedHeaders): string[] {
  const missing = new Set<string>()
  for (const [name, value] of pairsOf(sent)) {
    const lower = name.toLowerCase()
    if (OWN_OF_ATTEMPT.has(lower)) continue
    const known = recorded[lower]
    if (known !== value && !(Array.isArray(known) && known.includes(value)))
      missing.add(`header ${lower}`)
  }
  return [...missing]
}

function isWhole(
  body: PlainBody | undefined,
  text: string | undefined,
  headers: RawHeaders,
): boolean {
  if (body === undefined) return text === undefined
  if (headerOf(headers, 'content-encoding') !== undefined) return false
  if (body.captured.totalBytes === 0) return body.isWhole && text === undefined
  const sent = readBody(body, headerOf(headers, 'content-type'))
  if (sent === undefined || text === undefined) return false
  // A body recorded as JSON is compared as JSON, any other text byte by byte.
  if (body.bytes.equals(Buffer.from(text))) return true
  return typeof sent !== 'string' && isSameJson(text, sent)
}

function isSameJson(text: string, sent: JsonValue): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(sent)
  } catch {
    return false
  }
}

/** Whether there may have been a body that was not captured. */
function isBodyUnseen({ start, isBodyDropped }: RecordedCall, service: ResolvedService): boolean {
  const isLookedAt = service.bodies !== 'never' && service.maxBodyBytes > 0
  return start.hidesBodies === true || isBodyDropped || !isLookedAt
}

function isBodyless(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function isJsonType(contentType: string | readonly string[] | undefined): boolean {
  return typeof contentType === 'string' && formOf(parseContentType(contentType)) === 'json'
}
