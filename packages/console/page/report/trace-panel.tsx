import { JsonView } from '../components/json-view.js'
import { Panel } from '../components/panel.js'
import { isEmpty } from '../records/fields.js'
import { CauseChain } from './cause-chain.js'
import type { ReportData } from './report-data.js'
import { TraceView } from './trace-view.js'

/** A heading of more characters may have to be scrolled, and so must be reached by the keyboard. */
const LONG_CHARS = 500

/** What was thrown and where, and what is behind it. */
export function TracePanel({ report }: { report: ReportData }) {
  const { heading, trace, code, stack, causes, caught } = report
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
        {trace.length > 0 && <TraceView trace={trace} code={code} label="Stack trace" />}
        {causes.length > 0 && <CauseChain causes={causes} code={code} />}
        {stack.length > 0 && (
          <details>
            <summary>Where it was reported</summary>
            <TraceView trace={stack} code={code} label="Where it was reported" />
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
