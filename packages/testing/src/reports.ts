import type { JsonValue } from '@fastify-scs/core'
import { fieldAt, numberAt, textAt } from '@fastify-scs/core/kit'
import { follow, type TestedApp } from './follow.js'
import { ItemView } from './view.js'

/** What a report is about. */
export type SeenReportKind = 'fatal' | 'non-fatal' | 'slow' | 'stuck' | 'blocked'

/** One report of the error reporter, or of slow-call where there is no error reporter. */
export interface SeenReport {
  /** `fatal`: a crash, or an answer of 500 or above; `non-fatal`: `reportError`; the others are slow-call's. */
  readonly kind: SeenReportKind
  readonly title: string
  /** Null for a report outside of a request. */
  readonly requestId: string | null
  /** Method and pattern: `GET /orders/:id`; null outside of a request, and for an unknown route. */
  readonly route: string | null
  /** The status of the answer; null where there is none. */
  readonly status: number | null
  /** The id that the answer and the log line show; null for a report of slow-call alone. */
  readonly errorId: string | null
  /** What was thrown or passed as `caught`; null where nothing was. */
  readonly error: { readonly name: string; readonly message: string } | null
  /** What was passed as `data`; of a slow call its figures, such as `durationMs` and `phases`. */
  readonly data: JsonValue
  /** The whole report, as the reporters get it. */
  readonly report: { readonly [field: string]: JsonValue }
}

/** The reports of an app since the view was made. A name is a kind: `all('slow')`. */
export type ReportView = ItemView<SeenReport>

/**
 * Shows what the error reporter and slow-call of an app report from now on, with or without a store. An occurrence that is only counted, as
 * its group was reported a moment ago, is not among them. May be called before the app is ready.
 *
 * @throws SCS_TESTING_ERR_APP, SCS_TESTING_ERR_NO_CORE
 */
export function reports(app: TestedApp): ReportView {
  const traits = { noun: 'report', nameOf: kindOf, describe: describeReport }
  let count = 0
  return new ItemView<SeenReport>(traits, (add) =>
    follow('reports', app, (scs) =>
      scs.records.subscribe(({ kind, data }) => {
        if (kind !== 'reports') return
        const report = data as SeenReport['report']
        add(textAt(report, 'id') ?? `slow-call ${count++}`, seenOf(report))
      }),
    ),
  )
}

/** One line about a report: its kind, its title and the error. */
export function describeReport({ kind, title, error }: SeenReport): string {
  return `${kind}: ${title}${error === null ? '' : ` (${error.name}: ${error.message})`}`
}

function kindOf({ kind }: SeenReport): string {
  return kind
}

function seenOf(report: SeenReport['report']): SeenReport {
  return 'error_id' in report ? ofErrorReporter(report) : ofSlowCall(report)
}

function ofErrorReporter(report: SeenReport['report']): SeenReport {
  const request = fieldAt(report, 'request')
  const caught = fieldAt(report, 'error_caught')
  const name = textAt(caught, 'name')
  return {
    kind: textAt(report, 'kind') as SeenReportKind,
    title: textAt(report, 'title') ?? '',
    requestId: textAt(request, 'id'),
    route: routeOf(request),
    status: numberAt(fieldAt(report, 'response'), 'status'),
    errorId: textAt(report, 'error_id'),
    error: name === null ? null : { name, message: textAt(caught, 'message') ?? '' },
    data: report.data ?? null,
    report,
  }
}

/** Without an error reporter a report of slow-call is what the error reporter would have as its data. */
function ofSlowCall(report: SeenReport['report']): SeenReport {
  const kind = textAt(report, 'kind') ?? 'blocked'
  return {
    // The error reporter calls both ends of a stuck call so.
    kind: kind === 'stuck-ended' ? 'stuck' : (kind as SeenReportKind),
    title: textAt(report, 'title') ?? '',
    requestId: textAt(report, 'requestId'),
    route: routeOf(report),
    status: numberAt(report, 'status'),
    errorId: null,
    error: null,
    data: report,
    report,
  }
}

function routeOf(request: unknown): string | null {
  const method = textAt(request, 'method')
  const route = textAt(request, 'route')
  return method === null || route === null ? null : `${method} ${route}`
}
