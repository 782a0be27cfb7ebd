import type { CallRow, RecordDetail } from '../../src/api/model.js'
import { BodyView, HeadersView } from '../bodies/body-view.js'
import { CodeBadge, StatusBadge } from '../components/badge.js'
import { CodeBlock } from '../components/code-block.js'
import { Loaded, Pending, type ShownQuery } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { Duration } from '../components/time.js'
import { AttemptsPanel } from '../records/attempts-panel.js'
import { CallFacts } from '../records/call-facts.js'
import { LikeCalls } from '../records/like-calls.js'
import { RetryButton } from '../records/retry-button.js'
import { useRecord } from '../records/use-record.js'
import type { ViewProps } from '../shell/view-props.js'

/** One call to another service, or from one: what was sent and what came back. */
export function CallView({ params: { id = '' } }: ViewProps) {
  const { row, query } = useRecord('integration_requests', id)
  if (row === undefined)
    return (
      <Page title="Call">
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    )
  const method = row.method ?? 'Call'
  const address = row.url ?? row.description ?? ''
  return (
    <Page
      title={`${method} ${address}`}
      heading={
        <span class="call-heading wrap">
          <span class="method">{method}</span> {address}
        </span>
      }
      aside={
        <>
          <StatusBadge status={row.status} />
          <CodeBadge code={row.statusCode} />
          <Duration ms={row.durationMs} />
          {query.data !== undefined && canSendAgain(query.data) && <RetryButton id={row.id} />}
        </>
      }
    >
      <Call row={row} query={query} />
    </Page>
  )
}

/** What has succeeded in a later attempt is refused. */
function canSendAgain({ canRetry, attempts }: RecordDetail): boolean {
  return canRetry && !attempts.some(({ status }) => status === 'Completed')
}

/** What the row says is there at once; the bodies come to it. */
function Call({ row, query }: { row: CallRow; query: ShownQuery<RecordDetail> }) {
  const data = query.data?.data
  return (
    <>
      {row.status === 'Failed' && query.error === null && (
        <Panel title="Error">
          {data === undefined ? (
            <Pending />
          ) : (
            <BodyView
              body={data.error}
              headers={data.responseHeaders}
              label="What went wrong"
              none="No error was recorded"
            />
          )}
        </Panel>
      )}
      <Panel title="Call">
        <CallFacts row={row} data={data ?? {}} />
      </Panel>
      <Loaded query={query}>{(detail) => <Bodies row={row} detail={detail} />}</Loaded>
      <LikeCalls row={row} />
    </>
  )
}

function Bodies({ row, detail: { data, curl, attempts } }: { row: CallRow; detail: RecordDetail }) {
  const { requestHeaders, responseHeaders } = data
  return (
    <>
      <AttemptsPanel attempts={attempts} current={row.id} />
      <div class="two-columns">
        <Panel title={row.direction === 'in' ? 'Received' : 'Sent'}>
          <h3>Headers</h3>
          <HeadersView headers={requestHeaders} label="Request headers" />
          <h3>Body</h3>
          <BodyView body={data.data} headers={requestHeaders} label="Request body" />
        </Panel>
        <Panel title="Answer">
          <h3>Headers</h3>
          <HeadersView headers={responseHeaders} label="Response headers" />
          <h3>Body</h3>
          {row.status === 'Failed' && data.output === null ? (
            <p class="muted">See the error above</p>
          ) : (
            <BodyView body={data.output} headers={responseHeaders} label="Response body" />
          )}
        </Panel>
      </div>
      {curl !== null && (
        <Panel title="As a command" aside="What was redacted stays redacted">
          <CodeBlock text={curl} label="cURL command" />
        </Panel>
      )}
    </>
  )
}
