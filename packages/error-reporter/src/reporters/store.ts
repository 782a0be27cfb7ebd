import type { RecordStore, StoreRecord } from '@fastify-scs/core/kit'
import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, namedReporter } from './reporter.js'

/** Keeps each report in the store, which queues and retries by itself. */
export function storeReporter(store: Pick<RecordStore, 'write'>): ErrorReporter {
  const write = (report: CrashReport): void => void store.write(recordOf(report))
  return namedReporter('store', (_title, _message, report) => write(report), {
    sync: (_title, _message, report) => write(report),
    ignoresMessage: true,
  })
}

function recordOf(report: CrashReport): StoreRecord {
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
