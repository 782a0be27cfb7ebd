import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { RecordRow, Timeline } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { StatusBadge } from '../components/badge.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { At } from '../components/time.js'
import { pathOfRecord, paths } from '../shell/paths.js'
import { useRowKeys } from '../shell/use-row-keys.js'
import { TimelineRows } from './timeline-rows.js'

/** Everything of one request, or of one trace across services. */
export function RequestPage({ of, id }: { of: 'requests' | 'traces'; id: string }) {
  const query = useQuery(timelineQuery(useApi(), of, id))
  const word = of === 'requests' ? 'Request' : 'Trace'
  return (
    <Page title={`${word} ${id}`} heading={<>{word} <span class="mono">{id}</span></>}>
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
  const rows = useRowKeys<HTMLUListElement>()
  const others = of === 'requests' ? timeline.traceIds : timeline.requestIds
  return (
    <>
      {others.length > 0 && (
        <p class="meta">
          <span>{of === 'requests' ? 'Part of the trace' : 'Requests:'}</span>
          {others.map((id) => (
            <Link key={id} class="mono wrap" href={of === 'requests' ? paths.trace(id) : paths.request(id)}>
              {id}
            </Link>
          ))}
        </p>
      )}
      <Panel title="Time line">
        <TimelineRows timeline={timeline} />
      </Panel>
      <Panel title="Records" isFlush>
        <ul ref={rows} class="record-list" aria-label="Records, oldest first">
          {timeline.records.map((record) => (
            <li key={record.id}>
              <At at={record.createdAt} />
              <StatusBadge status={record.kind === 'audit_events' ? record.level : record.status} />
              <Link class="wrap" href={pathOfRecord(record)} data-row="">
                {titleOf(record)}
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  )
}

/** One line that says what a record is about. */
export function titleOf(record: RecordRow): string {
  if (record.kind === 'reports') return record.title
  if (record.kind === 'audit_events') return record.message || record.type
  return [record.method, record.url ?? record.description ?? record.service]
    .filter((part) => part !== null)
    .join(' ')
}
