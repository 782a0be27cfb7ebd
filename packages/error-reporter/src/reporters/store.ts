import type { RecordKeys, RecordStore, StoreRecord } from '@fastify-scs/core/kit'
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
  const { id, kind, is_fatal_error, server, time, fingerprint, title } = report
  return {
    kind: 'reports',
    id,
    createdAt: Date.parse(time.end),
    // One that was stored before its lines of code were read is stored again with them.
    revision: report.code.length === 0 ? 0 : 1,
    keys: {
      service: server.api_name,
      status: kind,
      fingerprint,
      level: is_fatal_error ? 'ERROR' : 'WARN',
      summary: title,
      // What the other side knows the failure by: the answer has shown it.
      remoteId: report.error_id,
      ...(server.api_version === null ? {} : { release: server.api_version }),
      ...(report.trace_id === null ? {} : { traceId: report.trace_id }),
      ...keysOfCall(report),
    },
    data: report,
    sheddable: ['request', 'data', 'facts', 'code'],
    // A blocked event loop is found once an hour at most, and may be why the process was ended.
    importance: is_fatal_error || kind === 'blocked' ? 'high' : 'normal',
  }
}

function keysOfCall({ request, response, user, time }: CrashReport): RecordKeys {
  const userId = user?.id ?? null
  return {
    ...(response === null ? {} : { statusCode: response.status }),
    ...(request === null ? {} : { requestId: request.id, durationMs: time.microsecs / 1000 }),
    ...(request === null || request.route === null
      ? {}
      : { route: `${request.method} ${request.route}` }),
    ...(userId === null ? {} : { user: String(userId) }),
  }
}
