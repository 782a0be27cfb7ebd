import { describeThrown, descriptionOf, stackWithCauses } from '../describe-thrown.js'
import type { Redactor } from '../redact/redactor.js'

/** Makes the fields of an application log line: plain, bounded, redacted; an error becomes its type and its stack. */
export function toLogLine(entry: object, redactor: Redactor): Record<string, unknown> {
  const { err, req, res, ...rest } = entry as Record<string, unknown>
  return {
    ...(redactor.value(rest) as Record<string, unknown>),
    ...(req === undefined ? {} : { req: describeRequest(req, redactor) }),
    ...(res === undefined ? {} : { res: { statusCode: (res as Reply | null)?.statusCode } }),
    ...describeError(err, redactor),
  }
}

/** What is read of Fastify's request; `log.info({ req })` may be given anything. */
interface Request {
  readonly method?: string
  readonly url?: string
  readonly host?: string
  readonly ip?: string
  readonly socket?: { readonly remotePort?: number }
}

interface Reply {
  readonly statusCode?: number
}

function describeRequest(req: unknown, redactor: Redactor): Record<string, unknown> {
  const { method, url, host, ip, socket } = (req ?? {}) as Request
  return {
    method,
    url: url === undefined ? undefined : redactor.url(url),
    host,
    remoteAddress: ip,
    remotePort: socket?.remotePort,
  }
}

function describeError(err: unknown, redactor: Redactor): Record<string, unknown> {
  if (err === undefined) return { errorType: null, errorInfo: null }
  const description = descriptionOf(err) ?? describeThrown(err, redactor)
  return { errorType: description.name, errorInfo: stackWithCauses(description) }
}
