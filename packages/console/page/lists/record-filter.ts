import type { ListedKind, RecordQuery } from '../../src/api/model.js'

/** What a list is filtered by: the texts of its URL. `last` is of the page only: a span that ends now, such as `24h`. */
export type RecordFilter = {
  readonly [Name in FilterName]?: string
}

/** The names of filters, in the order in which they stand in a URL. */
export const FILTER_NAMES = [
  'text',
  'service',
  'status',
  'statusCode',
  'method',
  'direction',
  'path',
  'referenceType',
  'referenceId',
  'key',
  'fingerprint',
  'type',
  'level',
  'user',
  'route',
  'release',
  'requestId',
  'traceId',
  'last',
  'from',
  'to',
] as const
export type FilterName = (typeof FILTER_NAMES)[number]

/** Of all kinds. */
const SHARED: readonly FilterName[] = [
  'text',
  'service',
  'user',
  'requestId',
  'traceId',
  'last',
  'from',
  'to',
]
/** Of one kind, besides those that it shares with the others. */
const OWN: Readonly<Record<ListedKind, readonly FilterName[]>> = {
  integration_requests: [
    'status',
    'statusCode',
    'method',
    'direction',
    'path',
    'referenceType',
    'referenceId',
    'key',
  ],
  reports: ['status', 'statusCode', 'fingerprint', 'route', 'release'],
  audit_events: ['type', 'level', 'path'],
}

/** The filters that lists of a kind have, in the order of their names. */
export function filtersOf(kind: ListedKind): readonly FilterName[] {
  return FILTER_NAMES.filter((name) => SHARED.includes(name) || OWN[kind].includes(name))
}

const STATUS_CODE = /^(\d{3}|[1-9]xx|\d{3}-\d{3})$/
const SPAN = /^([1-9]\d{0,3})([mhd])$/
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The filter that a URL's query says; what it does not know, and what is malformed, is left out. */
export function filterOf(search: string, kind: ListedKind): RecordFilter {
  const given = new URLSearchParams(search)
  const filter: { [Name in FilterName]?: string } = {}
  for (const name of filtersOf(kind)) {
    const value = given.get(name)?.trim()
    if (value !== undefined && value !== '' && isWellFormed(name, value)) filter[name] = value
  }
  // A span that ends now excludes fixed ends.
  if (filter.last !== undefined) {
    delete filter.from
    delete filter.to
  }
  return filter
}

/** The query of a URL for a filter, in a fixed order, so that equal filters have equal URLs; empty, or with its `?`. */
export function searchOf(filter: RecordFilter, cursor?: string): string {
  const query = new URLSearchParams()
  for (const name of FILTER_NAMES) {
    const value = filter[name]
    if (value !== undefined && value !== '') query.set(name, value)
  }
  if (cursor !== undefined) query.set('cursor', cursor)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The filter with one part changed; an empty value takes it out. */
export function withFilter(
  filter: RecordFilter,
  name: FilterName,
  value: string | undefined,
): RecordFilter {
  const { [name]: _, ...rest } = filter
  if (name === 'last') {
    const { from: _from, to: _to, ...open } = rest as RecordFilter
    return value ? { ...open, last: value } : open
  }
  if ((name === 'from' || name === 'to') && value) {
    const { last: _last, ...open } = rest as RecordFilter
    return { ...open, [name]: value }
  }
  return value ? { ...rest, [name]: value } : rest
}

/** What the API is asked. A span begins at a full minute, so that the same question within a minute is asked once. */
export function queryOf(filter: RecordFilter, nowMs: number): RecordQuery {
  const { last, ...rest } = filter
  const query = rest as RecordQuery
  if (last === undefined) return query
  const fromMs = nowMs - spanMs(last)
  return { ...query, from: new Date(fromMs - (fromMs % 60_000)).toISOString() }
}

/** How long a span such as `24h` is, in milliseconds; 0 for what is none. */
export function spanMs(span: string): number {
  const [, count, unit] = SPAN.exec(span) ?? []
  return count === undefined ? 0 : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

/** The values of a filter that takes several, with commas between. */
export function valuesOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(',').filter((each) => each !== '')
}

/** Puts a value into a list of several, or takes it out. */
export function toggled(value: string | undefined, one: string): string {
  const values = valuesOf(value)
  return (values.includes(one) ? values.filter((each) => each !== one) : [...values, one]).join(',')
}

/** Whether a value is one that the API takes for the filter. */
export function isWellFormed(name: FilterName, value: string): boolean {
  if (name === 'statusCode') return STATUS_CODE.test(value)
  if (name === 'direction') return value === 'in' || value === 'out'
  if (name === 'last') return SPAN.test(value)
  if (name === 'from' || name === 'to')
    return /^\d+$/.test(value) || !Number.isNaN(Date.parse(value))
  return value.length <= 500
}
