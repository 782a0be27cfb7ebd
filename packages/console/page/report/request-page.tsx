import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { Timeline } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { countOf } from '../components/number-text.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { localText } from '../components/time-text.js'
import { paths } from '../shell/paths.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { RecordRows } from './record-rows.js'
import { TimelineRows } from './timeline-rows.js'
import { UncertainNote } from './uncertain-note.js'

/** Everything of one request, or of one trace across services. */
export function RequestPage({ of, id }: { of: 'requests' | 'traces'; id: string }) {
  const [params] = useQueryParams()
  const query = useQuery(timelineQuery(useApi(), of, id, timeIn(params)))
  const word = of === 'requests' ? 'Request' : 'Trace'
  return (
    <Page
      title={`${word} ${id}`}
      heading={
        <>
          {word} <span class="mono">{id}</span>
        </>
      }
    >
      <Loaded query={query}>
        {(timeline) =>
          timeline.entries.length === 0 && timeline.records.length === 0 ? (
            <Empty title={`Nothing of this ${word.toLowerCase()} is stored.`}>
              Records are removed when they are older than the store keeps them.
            </Empty>
          ) : (
            <Everything timeline={timeline} of={of} id={id} />
          )
        }
      </Loaded>
    </Page>
  )
}

/** When the request was that is meant, where several have its id. */
function timeIn(params: URLSearchParams): number | undefined {
  const at = Number(params.get('at') ?? Number.NaN)
  return Number.isFinite(at) ? at : undefined
}

function Everything({
  timeline,
  of,
  id,
}: {
  timeline: Timeline
  of: 'requests' | 'traces'
  id: string
}) {
  const { requestIds, traceIds, others, isUncertain, records } = timeline
  return (
    <>
      {of === 'requests' ? (
        <IdLinks word="Part of the trace" ids={traceIds} to={paths.trace} />
      ) : (
        <IdLinks word="Requests:" ids={requestIds} to={(each) => paths.request(each)} />
      )}
      {others.length > 0 && <OtherRequests others={others} id={id} />}
      <Panel title="Time line">
        {isUncertain && <UncertainNote />}
        <TimelineRows timeline={timeline} />
      </Panel>
      <Panel title="Records" isFlush>
        <RecordRows records={records} label="Records, oldest first" />
      </Panel>
    </>
  )
}

function IdLinks({
  word,
  ids,
  to,
}: {
  word: string
  ids: readonly string[]
  to: (id: string) => string
}) {
  if (ids.length === 0) return null
  return (
    <p class="meta">
      <span>{word}</span>
      {ids.map((id) => (
        <Link key={id} class="mono wrap" href={to(id)}>
          {id}
        </Link>
      ))}
    </p>
  )
}

/** Requests of other processes, as a rule, or of the same one before it was started anew. */
function OtherRequests({ others, id }: { others: Timeline['others']; id: string }) {
  return (
    <p class="meta">
      <span>Other requests had the same id:</span>
      {others.map(({ at, records }) => (
        <Link key={at} href={paths.request(id, at)}>
          {localText(at)}, {countOf(records, 'record')}
        </Link>
      ))}
    </p>
  )
}
