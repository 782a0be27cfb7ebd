import { Link } from 'wouter-preact'
import type { RouteRow } from '../../src/api/model.js'
import { countText } from '../components/number-text.js'
import { type Column, RecordTable } from '../components/record-table.js'
import { Duration } from '../components/time.js'

/** What routes can be ordered by. */
export const ROUTE_ORDERS = ['p95', 'calls', 'failed', 'slow'] as const
export type RouteOrder = (typeof ROUTE_ORDERS)[number]

type KeyedRoute = RouteRow & { readonly id: string }

/** The routes with their percentiles; each leads to its histogram. */
export function RouteTable({
  routes,
  order,
  isStale,
  toRoute,
  onOrder,
}: {
  routes: readonly RouteRow[]
  order: RouteOrder
  isStale: boolean
  toRoute: (route: string) => string
  onOrder: (order: RouteOrder) => void
}) {
  const sorted = (by: RouteOrder, label: string) => ({
    heading: (
      <button type="button" class="sort" onClick={() => onOrder(by)}>
        {label}
        <span aria-hidden="true">{order === by ? ' ↓' : ''}</span>
      </button>
    ),
    isOrder: order === by,
  })
  const columns: readonly Column<KeyedRoute>[] = [
    {
      name: 'route',
      label: 'Route',
      width: 'main',
      cell: ({ route }) => (
        <Link class="row-link mono" href={toRoute(route)}>
          {route}
        </Link>
      ),
    },
    { ...counted('calls', 'Calls'), ...sorted('calls', 'Calls') },
    { ...counted('failed', 'Failed'), ...sorted('failed', 'Failed') },
    { ...counted('slow', 'Slow'), ...sorted('slow', 'Slow') },
    counted('stuck', 'Stuck'),
    timed('p50Ms', 'p50'),
    { ...timed('p95Ms', 'p95'), ...sorted('p95', 'p95') },
    timed('p99Ms', 'p99'),
    timed('maxMs', 'Longest'),
  ]
  const rows = routes.map((route) => ({ ...route, id: route.route }))
  return (
    <RecordTable
      label="Routes with their percentiles"
      columns={columns}
      rows={rows}
      isStale={isStale}
      hasKeys={false}
    />
  )
}

function counted(name: 'calls' | 'failed' | 'slow' | 'stuck', label: string): Column<KeyedRoute> {
  const isBad = name !== 'calls'
  return {
    name,
    label,
    width: 'number',
    cell: ({ [name]: count }) => (
      <span class={isBad && count === 0 ? 'number muted' : 'number'}>{countText(count)}</span>
    ),
  }
}

function timed(name: 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs', label: string): Column<KeyedRoute> {
  return { name, label, width: 'number', cell: ({ [name]: ms }) => <Duration ms={ms} /> }
}
