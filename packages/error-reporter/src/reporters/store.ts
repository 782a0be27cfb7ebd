import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, namedReporter } from './reporter.js'

/** The part of `app.scsStore` that is used. */
export interface ReportStore {
  /** `process`: a record is in a file when `write` returns, so that not even `kill -9` loses it. */
  readonly durability?: 'default' | 'process'
  write(record: ReportRecord): unknown
  /** Calls back before the last flush of a process that ends; the function that is returned ends it. */
  beforeLastFlush?(callback: () => void): () => void
}

/** A report as `@fastify-scs/store` takes it. */
export interface ReportRecord {
  readonly kind: 'reports'
  readonly id: string
  readonly createdAt: number
  readonly revision: number
  readonly keys: {
    readonly service: string
    readonly status: 'fatal' | 'non-fatal'
    readonly statusCode?: number
    readonly fingerprint: string
    readonly level: 'ERROR' | 'WARN'
    readonly requestId?: string
    readonly user?: string
    readonly durationMs?: number
    readonly summary: string
  }
  readonly data: CrashReport
  readonly sheddable: readonly string[]
  readonly importance: 'high' | 'normal'
}

/** Keeps each report in the store, which does the waiting and the retrying itself. */
export function storeReporter(store: ReportStore): ErrorReporter {
  const write = (report: CrashReport): void => void store.write(recordOf(report))
  return namedReporter('store', (_title, _message, report) => write(report), {
    sync: (_title, _message, report) => write(report),
    ignoresMessage: true,
  })
}

function recordOf(report: CrashReport): ReportRecord {
  const { id, is_fatal_error, server, response, request, user, time, fingerprint, title } = report
  const userId = user?.id ?? null
  return {
    kind: 'reports',
    id,
    createdAt: Date.parse(time.end),
    revision: 0,
    keys: {
      service: server.api_name,
      status: is_fatal_error ? 'fatal' : 'non-fatal',
      fingerprint,
      level: is_fatal_error ? 'ERROR' : 'WARN',
      summary: title,
      ...(response === null ? {} : { statusCode: response.status }),
      ...(request === null ? {} : { requestId: request.id, durationMs: time.microsecs / 1000 }),
      ...(userId === null ? {} : { user: String(userId) }),
    },
    data: report,
    sheddable: ['request', 'data', 'facts'],
    importance: is_fatal_error ? 'high' : 'normal',
  }
}
