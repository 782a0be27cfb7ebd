import { useQuery } from '@tanstack/preact-query'
import type { CallRow, RecordDetail } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { recordQuery } from '../api/queries.js'
import { BodyView, HeadersView } from '../bodies/body-view.js'
import { CodeBadge, StatusBadge } from '../components/badge.js'
import { CodeBlock } from '../components/code-block.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { Duration } from '../components/time.js'
import { CallFacts } from '../records/call-facts.js'
import { LikeCalls } from '../records/like-calls.js'
import { RetryButton } from '../records/retry-button.js'
import type { ViewProps } from '../shell/view-props.js'

/** One call to another service, or from one: what was sent and what came back. */
export function CallView({ params }: ViewProps) {
  const query = useQuery(recordQuery(useApi(), 'integration_requests', params.id ?? ''))
  return <Loaded query={query}>{(detail) => <Call detail={detail} />}</Loaded>
}

function Call({ detail }: { detail: RecordDetail }) {
  const row = detail.row as CallRow
  const { data, curl, canRetry } = detail
  const { requestHeaders, responseHeaders } = data
  const isFailed = row.status === 'Failed'
  const name = `${row.method ?? 'Call'} ${row.url ?? row.description ?? ''}`
  return (
    <Page
      title={name}
      heading={
        <span class="call-heading">
          <span class="method">{row.method ?? 'Call'}</span> {row.url ?? row.description}
        </span>
      }
      aside={
        <>
          <StatusBadge status={row.status} />
          <CodeBadge code={row.statusCode} />
          <Duration ms={row.durationMs} />
          {canRetry && <RetryButton id={row.id} />}
        </>
      }
    >
      {isFailed && (
        <Panel title="Error">
          <BodyView body={data.error} headers={responseHeaders} label="What went wrong" />
        </Panel>
      )}
      <Panel title="Call">
        <CallFacts row={row} data={data} />
      </Panel>
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
          {isFailed && data.output === null ? (
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
      <LikeCalls row={row} />
    </Page>
  )
}
