import { clientOf, type JsonValue, type Redactor } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'
import { capped, cappedText, MAX_PART_BYTES } from './caps.js'
import type { RequestReport, UserReport } from './crash-report.js'

/** `GET /orders/:id`; the path where no route is known. */
export function endpointOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? pathOf(request)}`
}

/** The request as a report shows it. */
export function describeRequest(
  request: FastifyRequest,
  redactor: Redactor,
  maxBodyBytes: number,
): RequestReport {
  const part = (value: unknown): JsonValue => capped(redactor.value(value), MAX_PART_BYTES)
  const path = cappedText(pathOf(request))
  return {
    base_url: `${clientOf(request).protocol}://${cappedText(request.host ?? '')}${path}`,
    body: describeBody(request, redactor, maxBodyBytes),
    headers: capped(redactor.headers(request.headers), MAX_PART_BYTES),
    id: cappedText(String(request.id)),
    method: request.method,
    params: part(request.params),
    path,
    query: part(request.query),
    route: request.routeOptions.url ?? null,
    url: cappedText(redactor.url(request.url)),
  }
}

/** Who made the request, as a report shows it. */
export function describeUser(
  request: FastifyRequest,
  redactor: Redactor,
  id: string | number | null,
): UserReport {
  const header = (name: string): string | null => {
    const value = request.headers[name]
    return value === undefined ? null : cappedText(redactor.text(String(value)))
  }
  return {
    forwarded_ip: header('x-forwarded-for'),
    id: typeof id === 'string' ? cappedText(redactor.text(id)) : id,
    ip: clientOf(request).ip,
    is_auth: id === null ? 0 : 1,
    user_agent: header('user-agent'),
  }
}

/** One id for a call across services, and the services that it has passed. */
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

function describeBody(request: FastifyRequest, redactor: Redactor, maxBytes: number): JsonValue {
  const body: unknown = request.body
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return cappedText(redactText(body, request, redactor), maxBytes)
  if (typeof body === 'object' && ('pipe' in body || 'getReader' in body)) return '[stream]'
  return capped(redactor.value(body), maxBytes)
}

function redactText(body: string, request: FastifyRequest, redactor: Redactor): string {
  const type = request.headers['content-type'] ?? ''
  if (type.includes('json')) return redactor.json(body)
  return type.includes('x-www-form-urlencoded') ? redactor.form(body) : redactor.text(body)
}

function pathOf(request: FastifyRequest): string {
  return request.url.replace(/[?#].*$/s, '')
}
