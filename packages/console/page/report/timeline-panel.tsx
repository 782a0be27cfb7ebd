import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'
import { TimelineRows } from './timeline-rows.js'
import { UncertainNote } from './uncertain-note.js'

/** The time line of a request, on the page of a record that was made in it. */
export function TimelinePanel({
  requestId,
  row: { id, traceId, createdAt },
}: {
  requestId: string
  /** The record whose page this is. */
  row: RecordRow
}) {
  const query = useQuery(timelineQuery(useApi(), 'requests', requestId, createdAt))
  return (
    <Panel
      title="Time line of the request"
      aside={
        <>
          <Link href={paths.request(requestId, createdAt)}>All of this request</Link>
          {traceId !== null && (
            <>
              {' · '}
              <Link href={paths.trace(traceId)}>All of this trace</Link>
            </>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(timeline) =>
          timeline.entries.length === 0 ? (
            <Empty title="Nothing of this request is stored any more." />
          ) : (
            <>
              {timeline.isUncertain && <UncertainNote />}
              <TimelineRows timeline={timeline} current={id} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}
