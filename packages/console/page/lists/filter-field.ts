import type { ListedKind } from '../../src/api/model.js'
import { type FilterName, filtersOf, type RecordFilter } from './record-filter.js'

/** How a filter is shown and entered. */
export interface FilterField {
  readonly name: FilterName
  readonly label: string
  /** What may be entered: one of these, or several where `isSeveral`; any text without. */
  readonly choices?: readonly string[]
  readonly isSeveral?: boolean
  readonly placeholder?: string
  /** Whether it is always shown, or only among all filters. */
  readonly isMain?: boolean
}

const LABELS: Readonly<Record<FilterName, string>> = {
  text: 'Text',
  service: 'Service',
  status: 'Status',
  statusCode: 'Code',
  method: 'Method',
  direction: 'Direction',
  path: 'Path begins with',
  referenceType: 'Record type',
  referenceId: 'Record id',
  key: 'Key',
  fingerprint: 'Group',
  type: 'Type',
  level: 'Level',
  user: 'User',
  route: 'Route',
  release: 'Release',
  requestId: 'Request id',
  traceId: 'Trace id',
  last: 'Time',
  from: 'From',
  to: 'To',
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const CALL_STATUSES = ['Failed', 'Completed', 'Queued', 'Authorized', 'Cancelled']
const REPORT_STATUSES = ['fatal', 'non-fatal', 'slow', 'stuck', 'blocked']
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

const PLACEHOLDERS: Readonly<Partial<Record<FilterName, string>>> = {
  statusCode: '404, 5xx, 400-499',
  path: '/orders/',
  referenceType: 'Order',
  referenceId: '42',
  user: 'ann',
  type: 'core-crash',
  route: 'GET /orders/:id',
}

const OWN_PLACE: readonly FilterName[] = ['text', 'last', 'from', 'to']
const MAIN: Readonly<Record<ListedKind, readonly FilterName[]>> = {
  integration_requests: ['status', 'service', 'statusCode', 'method', 'direction'],
  reports: ['status', 'route', 'service', 'user'],
  audit_events: ['level', 'type', 'user', 'path'],
}

/** The filters of a kind that the bar shows as fields, the main ones first; text and time have places of their own. */
export function fieldsOf(kind: ListedKind): readonly FilterField[] {
  const main = MAIN[kind]
  const others = filtersOf(kind).filter((name) => !main.includes(name) && !OWN_PLACE.includes(name))
  return [...main, ...others].map((name) => fieldOf(name, kind))
}

/** What a filter is called. */
export function labelOf(name: FilterName, kind: ListedKind): string {
  return name === 'path' && kind === 'integration_requests' ? 'URL begins with' : LABELS[name]
}

/** A filter as a short text, for what can be taken off: `Code: 5xx`. */
export function activeFilters(
  filter: RecordFilter,
  kind: ListedKind,
): readonly { readonly name: FilterName; readonly label: string; readonly value: string }[] {
  return filtersOf(kind).flatMap((name) => {
    const value = filter[name]
    if (value === undefined || OWN_PLACE.includes(name)) return []
    return [{ name, label: labelOf(name, kind), value: value.replaceAll(',', ', ') }]
  })
}

function fieldOf(name: FilterName, kind: ListedKind): FilterField {
  const choices = choicesOf(name, kind)
  const placeholder =
    name === 'path' && kind === 'integration_requests' ? 'https://pay.example/' : PLACEHOLDERS[name]
  return {
    name,
    label: labelOf(name, kind),
    ...(choices === undefined ? {} : { choices }),
    ...(name === 'status' || name === 'level' ? { isSeveral: true } : {}),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(MAIN[kind].includes(name) ? { isMain: true } : {}),
  }
}

function choicesOf(name: FilterName, kind: ListedKind): readonly string[] | undefined {
  if (name === 'status') return kind === 'reports' ? REPORT_STATUSES : CALL_STATUSES
  if (name === 'level') return LEVELS
  if (name === 'method') return METHODS
  if (name === 'direction') return ['out', 'in']
  return undefined
}
