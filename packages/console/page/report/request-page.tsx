import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { Timeline } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'
import { RecordRows } from './record-rows.js'
import { TimelineRows } from './timeline-rows.js'

/** Everything of one request, or of one trace across services. */
export function RequestPage({ of, id }: { of: 'requests' | 'traces'; id: string }) {
  const query = useQuery(timelineQuery(useApi(), of, id))
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
            <Everything timeline={timeline} of={of} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Everything({ timeline, of }: { timeline: Timeline; of: 'requests' | 'traces' }) {
  const others = of === 'requests' ? timeline.traceIds : timeline.requestIds
  return (
    <>
      {others.length > 0 && (
        <p class="meta">
          <span>{of === 'requests' ? 'Part of the trace' : 'Requests:'}</span>
          {others.map((id) => (
            <Link
              key={id}
              class="mono wrap"
              href={of === 'requests' ? paths.trace(id) : paths.request(id)}
            >
              {id}
            </Link>
          ))}
        </p>
      )}
      <Panel title="Time line">
        <TimelineRows timeline={timeline} />
      </Panel>
      <Panel title="Records" isFlush>
        <RecordRows records={timeline.records} label="Records, oldest first" />
      </Panel>
    </>
  )
}
