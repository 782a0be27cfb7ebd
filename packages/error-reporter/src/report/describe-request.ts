import type { JsonValue, Redactor } from '@fastify-scs/core'
import { clientOf, shortened, WorkBudget } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { capped, cappedText, MAX_PART_BYTES } from './caps.js'
import type { RequestReport, UserReport } from './crash-report.js'
import { describeBody } from './describe-body.js'
import type { ReportUser } from './report-user.js'

/** Characters of a path that stands for a route in a title; the message behind it has the rest. */
const MAX_PATH_CHARS = 120

/** `GET /orders/:id`; where no route is known the path, which is a stranger's text: redacted and cut. */
export function endpointOf(request: FastifyRequest, redactor: Redactor): string {
  const route = request.routeOptions.url ?? shortened(redactor.url(pathOf(request)), MAX_PATH_CHARS)
  return `${request.method} ${route}`
}

/** Where an error is counted. A path without a route is left out: anyone could make any number of groups by it. */
export function placeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`
}

/** The request as a report shows it. What the budget has no work left for is left out, the body before all else. */
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
  const headers = capped(redactor.headers(request.headers, budget), MAX_PART_BYTES)
  return {
    base_url: `${clientOf(request).protocol}://${cappedText(request.host ?? '')}${path}`,
    body: describeBody(request, redactor, maxBodyBytes, budget),
    headers,
    id: cappedText(String(request.id)),
    method: request.method,
    params,
    path,
    query,
    route: request.routeOptions.url ?? null,
    url,
  }
}

/** Who made the request, as a report shows it: what the application says of them stands before what core knows. */
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

function pathOf(request: FastifyRequest): string {
  return request.url.replace(/[?#].*$/s, '')
}
