import type { JsonValue, Redactor } from '@fastify-scs/core'
import {
  clientOf,
  describeValue,
  formOf,
  leftOut,
  parseContentType,
  shortened,
  WorkBudget,
  wireSizeOf,
} from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { FailedAnswer } from '../watch/failed-answer.js'
import { capped, cappedText, MAX_PART_BYTES } from './caps.js'
import type { RequestReport, ResponseReport, UserReport } from './crash-report.js'
import type { ReportUser } from './report-user.js'

/** Characters of a path that stands for a route in a title, so that there is room for the message. */
const MAX_PATH_CHARS = 120
const MARKER_AT_END = /\[truncated: \d+ (?:bytes|items)\]$/

/** `GET /orders/:id`; for an unknown route with the path, which anyone can choose: redacted and cut. */
export function endpointOf(request: FastifyRequest, redactor: Redactor): string {
  const route = request.routeOptions.url ?? shortened(redactor.url(pathOf(request)), MAX_PATH_CHARS)
  return `${request.method} ${route}`
}

/** The endpoint that is part of a fingerprint. A path without a route is left out: anyone could make any number of groups with it. */
export function placeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`
}

/** The request as a report shows it. When the budget is used up, what remains is left out; the body comes last. */
export function describeRequest(
  request: FastifyRequest,
  redactor: Redactor,
  maxBodyBytes: number,
  budget: WorkBudget = new WorkBudget(),
): RequestReport {
  const part = (value: unknown): JsonValue => capped(redactor.value(value, budget), MAX_PART_BYTES)
  // Matrix parameters and tokens of a known shape are in the path.
  const path = cappedText(redactor.url(pathOf(request), budget))
  const url = cappedText(redactor.url(request.url, budget))
  const params = part(request.params)
  const query = part(request.query)
  const headers = capped(sortedByName(redactor.headers(request.headers, budget)), MAX_PART_BYTES)
  return {
    base_url: `${clientOf(request).protocol}://${cappedText(request.host ?? '')}${path}`,
    body: describeBody(request, redactor, maxBodyBytes, budget),
    headers,
    id: cappedText(redactor.text(String(request.id))),
    method: request.method,
    params,
    path,
    query,
    route: request.routeOptions.url ?? null,
    url,
  }
}

/** As the other fields of a report: the message for people has them in this order. */
function sortedByName<Value>(fields: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1)),
  )
}

/** Who made the request, as a report shows it: what the option `reportUser` returns goes before what core knows. */
export function describeUser(
  request: FastifyRequest,
  redactor: Redactor,
  known: string | number | null,
  user: ReportUser,
): UserReport {
  const { email, id = known, language, name } = user
  const text = (value: string | null): string | null =>
    value === null ? null : cappedText(redactor.text(value))
  const header = (name: string): string | null => {
    const value = request.headers[name]
    return value === undefined ? null : text(String(value))
  }
  return {
    ...(email === undefined ? {} : { email: text(email) }),
    forwarded_ip: header('x-forwarded-for'),
    id: typeof id === 'string' ? text(id) : id,
    ip: clientOf(request).ip,
    is_auth: id === null ? 0 : 1,
    ...(language === undefined ? {} : { language: text(language) }),
    ...(name === undefined ? {} : { name: text(name) }),
    user_agent: header('user-agent'),
  }
}

/** One id for a call across services, and the services that it has passed through. */
export function describeCall(
  request: FastifyRequest,
  redactor: Redactor,
  apiName: string,
): { readonly call_id: string; readonly call_path: string } {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' && value !== '' ? cappedText(redactor.text(value)) : undefined
  }
  const path = header('pymcallpath')
  return {
    call_id: header('pymcallid') ?? header('x-request-id') ?? String(request.id),
    call_path: path === undefined ? apiName : `${path}.${apiName}`,
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.replace(/[?#].*$/s, '')
}

/** The body as a report shows it: read by its content type, redacted, cut to a number of bytes. */
function describeBody(
  request: FastifyRequest,
  redactor: Redactor,
  maxBytes: number,
  budget: WorkBudget,
): JsonValue {
  const body: unknown = request.body
  if (body === undefined || body === null) return null
  if (isStream(body)) return '[stream]'
  const contentType = request.headers['content-type']
  if (body instanceof Uint8Array && formOf(parseContentType(contentType)) === 'binary')
    return `[binary: ${body.byteLength} bytes]`
  const wireSize = wireSizeOf(request)
  const described = describeValue(body, redactor, { maxBytes, contentType, wireSize, budget })
  const shown = capped(described.value, maxBytes)
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  // The marker of a parsed body is in it already.
  return isRaw && described.isTruncated ? withMarker(shown, bytesBeyond(body, maxBytes)) : shown
}

/** A parsed document may have keys of these names, but their values are not functions. */
function isStream(body: object): boolean {
  const { pipe, getReader } = body as { readonly pipe?: unknown; readonly getReader?: unknown }
  return typeof pipe === 'function' || typeof getReader === 'function'
}

/** How much of a raw body is not shown, in bytes; of a text at least so many. */
function bytesBeyond(body: string | Uint8Array, maxBytes: number): number {
  return Math.max(0, (typeof body === 'string' ? body.length : body.byteLength) - maxBytes)
}

/** The beginning of a body with a marker for the rest of it, unless it has one. */
function withMarker(value: JsonValue, bytes: number): JsonValue {
  if (bytes === 0) return value
  const marker = leftOut(bytes)
  if (typeof value === 'string') return MARKER_AT_END.test(value) ? value : value + marker
  if (Array.isArray(value)) return [...value, marker]
  return typeof value === 'object' && value !== null ? { ...value, '[truncated]': marker } : value
}

/** The answer as a report shows it, once it has left. */
export function describeResponse(failed: FailedAnswer, redactor: Redactor): ResponseReport {
  const { reply, answer, isInterrupted } = failed
  const { status, code, description, userMessage } = answer
  return {
    error_code: redactor.text(code),
    error_description: redactor.text(description),
    interrupted: isInterrupted,
    status: isInterrupted ? (reply?.raw.statusCode ?? status) : status,
    user_message: userMessage === null ? null : redactor.text(userMessage),
  }
}
