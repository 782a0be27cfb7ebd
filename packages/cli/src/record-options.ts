import { LISTED_KINDS, type ListedKind, type RecordQuery } from '@fastify-scs/console/read'
import { nearestHint } from '@fastify-scs/core/kit'
import type { Command } from 'commander'
import { UsageError } from './errors.js'
import { timeOf } from './times.js'

/** Shorter names of the kinds, as people say them. */
const SHORT: Readonly<Record<string, ListedKind>> = {
  report: 'reports',
  calls: 'integration_requests',
  call: 'integration_requests',
  audit: 'audit_events',
}
const STATUS_CODE = /^(\d{3}|[1-9]xx|\d{3}-\d{3})$/

/** What the arguments for kinds say in a help text. */
export const KINDS_HELP = 'reports, integration_requests (or calls), audit_events (or audit)'

/** The filter as it is typed. */
export interface RecordOptions {
  readonly service?: string
  readonly status?: string
  readonly statusCode?: string
  readonly method?: string
  readonly direction?: string
  readonly path?: string
  readonly reference?: string
  readonly fingerprint?: string
  readonly type?: string
  readonly level?: string
  readonly user?: string
  readonly route?: string
  readonly release?: string
  readonly request?: string
  readonly trace?: string
  readonly error?: string
  readonly text?: string
  readonly from?: string
  readonly to?: string
}

/** Declares the filter of records, which is the console's. */
export function addRecordOptions(command: Command, hasTime = true): Command {
  command
    .option('--service <name>', 'of this service')
    .option('--status <list>', 'fatal,slow (reports), Failed,Completed (calls)')
    .option('--status-code <code>', '404, 4xx or 400-499')
    .option('--route <route>', "of this route: 'GET /orders/:id'")
    .option('--user <id>', 'of this user')
    .option('--release <release>', 'seen in this release')
    .option('--reference <type:id>', 'calls about this: Order:42, or Order')
    .option('--method <method>', 'calls with this method')
    .option('--direction <way>', 'calls that went out, or came in')
    .option('--path <prefix>', 'calls whose URL begins so')
    .option('--fingerprint <text>', 'reports of this group')
    .option('--type <type>', 'audit events of this type')
    .option('--level <list>', 'audit events of these levels: WARN,ERROR')
    .option('--request <id>', 'of this request')
    .option('--trace <id>', 'of this trace')
    .option('--error <id>', 'reports with the error id that the client was shown')
    .option('--text <text>', 'what the summary contains; the last 7 days, if --from is not given')
  if (!hasTime) return command
  return command
    .option('--from <time>', 'made at or after: 2026-11-26T10:00Z, or -2h')
    .option('--to <time>', 'made before')
}

/** The console's query for what was typed. @throws UsageError */
export function recordQuery(options: RecordOptions): RecordQuery {
  const { request, trace, error, reference, direction, statusCode, from, to } = options
  const { service, status, method, path, fingerprint, type, level, user, route, release, text } =
    options
  if (statusCode !== undefined && !STATUS_CODE.test(statusCode))
    throw new UsageError('--status-code', '404, 4xx or 400-499', JSON.stringify(statusCode))
  if (direction !== undefined && direction !== 'out' && direction !== 'in')
    throw new UsageError('--direction', 'out or in', JSON.stringify(direction))
  const query = {
    ...{ service, status, method, path, fingerprint, type, level, user, route, release, text },
    ...{ statusCode, direction, requestId: request, traceId: trace, errorId: error },
    ...referenceOf(reference),
    from: from === undefined ? undefined : String(timeOf('--from', from)),
    to: to === undefined ? undefined : String(timeOf('--to', to)),
  }
  // The store refuses fields that it does not know, and those that are undefined count as absent.
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

/** The kinds that were named, each once; all of them where none is. @throws UsageError */
export function kindsOf(names: readonly string[]): ListedKind[] {
  if (names.length === 0) return [...LISTED_KINDS]
  return [...new Set(names.flatMap((name) => name.split(',')).map(kindOf))]
}

/** The kind that a name stands for. @throws UsageError */
export function kindOf(name: string): ListedKind {
  const kind = LISTED_KINDS.find((listed) => listed === name) ?? SHORT[name]
  if (kind !== undefined) return kind
  const hint = nearestHint(name, [...LISTED_KINDS, ...Object.keys(SHORT)])
  throw new UsageError('<kind>', `one of ${KINDS_HELP}`, `${JSON.stringify(name)}${hint}`)
}

function referenceOf(reference: string | undefined): {
  readonly referenceType?: string
  readonly referenceId?: string
} {
  if (reference === undefined) return {}
  const [type = '', ...id] = reference.split(':')
  return { referenceType: type, ...(id.length === 0 ? {} : { referenceId: id.join(':') }) }
}
