import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'
import { TimelineRows } from './timeline-rows.js'

/** The time line of a request, on the page of a record that was made in it. */
export function TimelinePanel({
  requestId,
  traceId,
  current,
}: {
  requestId: string
  traceId: string | null
  /** The id of the record whose page this is. */
  current: string
}) {
  const query = useQuery(timelineQuery(useApi(), 'requests', requestId))
  return (
    <Panel
      title="Time line of the request"
      aside={
        <>
          <Link href={paths.request(requestId)}>All of this request</Link>
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
            <TimelineRows timeline={timeline} current={current} />
          )
        }
      </Loaded>
    </Panel>
  )
}
