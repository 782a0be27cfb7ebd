import type { ComponentType } from 'preact'
import { useLocation, useRouter } from 'wouter-preact'
import { AuditView } from '../views/audit.js'
import { AuditEventView } from '../views/audit-event.js'
import { CallView } from '../views/call.js'
import { CallsView } from '../views/calls.js'
import { GroupView } from '../views/group.js'
import { GroupsView } from '../views/groups.js'
import { LiveView } from '../views/live.js'
import { NotFoundView } from '../views/not-found.js'
import { OverviewView } from '../views/overview.js'
import { ReferenceView } from '../views/reference.js'
import { ReportView } from '../views/report.js'
import { ReportsView } from '../views/reports.js'
import { RequestView } from '../views/request.js'
import { SearchView } from '../views/search.js'
import { SlowView } from '../views/slow.js'
import { TraceView } from '../views/trace.js'
import { UserView } from '../views/user.js'
import { decoded } from './paths.js'
import type { ViewProps } from './view-props.js'

const VIEWS: readonly (readonly [pattern: string, view: ComponentType<ViewProps>])[] = [
  ['/', OverviewView],
  ['/groups', GroupsView],
  ['/groups/:fingerprint', GroupView],
  ['/reports', ReportsView],
  ['/reports/:id', ReportView],
  ['/requests/:id', RequestView],
  ['/traces/:id', TraceView],
  ['/search', SearchView],
  ['/calls', CallsView],
  ['/calls/:id', CallView],
  ['/reference/:type/:id', ReferenceView],
  ['/slow', SlowView],
  ['/audit', AuditView],
  ['/audit/:id', AuditEventView],
  ['/users/:user', UserView],
  ['/live', LiveView],
]

/** The view that the address names. */
export function Routes() {
  const [path] = useLocation()
  const { parser } = useRouter()
  for (const [pattern, View] of VIEWS) {
    const { keys, pattern: expression } = parser(pattern)
    const match = expression.exec(path)
    if (match === null) continue
    const params = Object.fromEntries(keys.map((key, index) => [key, decoded(match[index + 1])]))
    // A view of another record is another view: nothing of the one before may stay in it.
    return <View key={path} params={params} />
  }
  return <NotFoundView />
}
