import type { ComponentChildren } from 'preact'
import type { RecordDetail } from '../../src/api/model.js'
import { blockedFactsOf } from '../blocked/blocked-facts.js'
import { BlockedPanel } from '../blocked/blocked-panel.js'
import { JsonView } from '../components/json-view.js'
import { Panel } from '../components/panel.js'
import { type Fields, isEmpty, textOf } from '../records/fields.js'
import { SlowPanel } from '../slow/phase-bar.js'
import { slowFactsOf } from '../slow/phases.js'
import { IdsPanel } from './ids-panel.js'
import { queriesOf, shareOfTime } from './queries.js'
import { QueriesPanel } from './queries-panel.js'
import { readReport } from './report-data.js'
import { RequestPanel } from './request-panel.js'
import { TracePanel } from './trace-panel.js'
import { ResponsePanel, ServerPanel, UserPanel } from './who-panel.js'

/** Everything that a report says, what matters first. */
export function ReportPanels({
  detail: { data, row },
  children,
}: {
  detail: RecordDetail
  /** The time line, which stands between the trace and the request. */
  children: ComponentChildren
}) {
  const report = readReport(data)
  // They threw nothing: their trace would be that of the watch.
  const slow = [report.data, data].find((each) => slowFactsOf(each) !== undefined)
  const blocked = blockedFactsOf(report.data) ?? blockedFactsOf(data)
  const hasThrown = slow === undefined && blocked === undefined
  const queries = queriesOf(report.facts?.queries)
  const facts = factsNotShown(report.facts, queries !== undefined, row.requestId !== null)
  return (
    <div class="columns">
      <div class="stack">
        {blocked !== undefined && <BlockedPanel facts={blocked} report={report} row={row} />}
        {slow !== undefined && <SlowPanel data={slow} />}
        {hasThrown && <TracePanel report={report} />}
        {queries !== undefined && (
          <QueriesPanel
            queries={queries}
            share={shareOfTime(queries, report)}
            arrivedAt={arrivalOf(report.time)}
          />
        )}
        {children}
        {report.request !== undefined && <RequestPanel request={report.request} />}
        {!isEmpty(report.data) && (
          <Panel title="Data">
            <Folded isOpen={hasThrown} label="All figures">
              <JsonView value={report.data} label="Data that was reported" />
            </Folded>
          </Panel>
        )}
        {!isEmpty(facts) && (
          <Panel title="Facts">
            <JsonView value={facts} label="What plugins know of the request" />
          </Panel>
        )}
      </div>
      <div class="stack">
        {report.response !== undefined && <ResponsePanel response={report.response} />}
        {report.user !== undefined && <UserPanel user={report.user} />}
        {report.server !== undefined && <ServerPanel server={report.server} />}
        <IdsPanel row={row} errorId={report.errorId} />
      </div>
    </div>
  )
}

/** What is said above already is folded. */
function Folded({
  isOpen,
  label,
  children,
}: {
  isOpen: boolean
  label: string
  children: ComponentChildren
}) {
  if (isOpen) return <>{children}</>
  return (
    <details>
      <summary>{label}</summary>
      {children}
    </details>
  )
}

/** The facts that no other panel shows: the log lines are on the time line. */
function factsNotShown(facts: Fields = {}, hasQueries: boolean, hasTimeline: boolean): Fields {
  const shown = { queries: hasQueries, log_lines: hasTimeline }
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => shown[name as keyof typeof shown] !== true),
  )
}

/** When the request came, in milliseconds since 1970. */
function arrivalOf(time: Fields | undefined): number | undefined {
  const at = Date.parse(textOf(time?.start) ?? '')
  return Number.isNaN(at) ? undefined : at
}
