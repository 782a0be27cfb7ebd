import type { ComponentChildren } from 'preact'
import type { RecordDetail } from '../../src/api/model.js'
import { JsonView } from '../components/json-view.js'
import { Panel } from '../components/panel.js'
import { isEmpty } from '../records/fields.js'
import { SlowPanel } from '../slow/phase-bar.js'
import { slowFactsOf } from '../slow/phases.js'
import { CauseChain } from './cause-chain.js'
import { IdsPanel } from './ids-panel.js'
import { type ReportData, readReport } from './report-data.js'
import { RequestPanel } from './request-panel.js'
import { TraceView } from './trace-view.js'
import { ResponsePanel, ServerPanel, UserPanel } from './who-panel.js'

/** A heading of more characters may have to be scrolled, and so must be reached by the keyboard. */
const LONG_CHARS = 500

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
  // A slow or stuck call threw nothing: its trace would be that of the watch.
  const slow = [report.data, data].find((each) => slowFactsOf(each) !== undefined)
  return (
    <div class="columns">
      <div class="stack">
        {slow === undefined ? <TracePanel report={report} /> : <SlowPanel data={slow} />}
        {children}
        {report.request !== undefined && <RequestPanel request={report.request} />}
        {!isEmpty(report.data) && (
          <Panel title="Data">
            <Folded isOpen={slow === undefined} label="All figures">
              <JsonView value={report.data} label="Data that was reported" />
            </Folded>
          </Panel>
        )}
        {report.facts !== undefined && (
          <Panel title="Facts">
            <JsonView value={report.facts} label="What plugins know of the request" />
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

function TracePanel({ report }: { report: ReportData }) {
  const { heading, trace, stack, causes, caught } = report
  if (trace.length === 0 && stack.length === 0 && causes.length === 0 && isEmpty(caught))
    return null
  return (
    <Panel title="Trace">
      <div class="stack">
        {heading !== '' && (
          <pre class="trace-heading" tabIndex={heading.length > LONG_CHARS ? 0 : undefined}>
            {heading}
          </pre>
        )}
        {trace.length > 0 && <TraceView trace={trace} label="Stack trace" />}
        {causes.length > 0 && <CauseChain causes={causes} />}
        {stack.length > 0 && (
          <details>
            <summary>Where it was reported</summary>
            <TraceView trace={stack} label="Where it was reported" />
          </details>
        )}
        {!isEmpty(caught) && (
          <details open={trace.length === 0}>
            <summary>What was caught</summary>
            <JsonView value={caught} label="What was caught" />
          </details>
        )}
      </div>
    </Panel>
  )
}
