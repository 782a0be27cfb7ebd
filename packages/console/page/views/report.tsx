import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { RecordDetail, ReportRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { timelineQuery } from '../api/queries.js'
import { CodeBadge, StatusBadge } from '../components/badge.js'
import { CopyButton } from '../components/copy-button.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Ago, At, Duration } from '../components/time.js'
import { readTitle } from '../groups/group-title.js'
import { useRecord } from '../records/use-record.js'
import { ReportPanels } from '../report/report-panels.js'
import { TimelinePanel } from '../report/timeline-panel.js'
import { paths } from '../shell/paths.js'
import type { ViewProps } from '../shell/view-props.js'

/** One report: what was thrown and where, the request, and what happened in it. */
export function ReportView({ params: { id = '' } }: ViewProps) {
  const { row, query } = useRecord('reports', id)
  return (
    <Page title={row === undefined ? 'Report' : readTitle(row.title).headline}>
      {row !== undefined && (
        <>
          <ReportMeta row={row} />
          {row.requestId !== null && (
            <TimelinePrefetch requestId={row.requestId} at={row.createdAt} />
          )}
        </>
      )}
      <Loaded query={query}>{(detail) => <ReportBody detail={detail} />}</Loaded>
    </Page>
  )
}

/** Asks for the time line beside the report, not after it. */
function TimelinePrefetch({ requestId, at }: { requestId: string; at: number }) {
  useQuery(timelineQuery(useApi(), 'requests', requestId, at))
  return null
}

function ReportMeta({ row }: { row: ReportRow }) {
  const { code, endpoint } = readTitle(row.title)
  return (
    <p class="meta">
      <StatusBadge status={row.status} />
      <CodeBadge code={row.statusCode} />
      {code !== undefined && <span class="wrap">{code}</span>}
      <span class="mono wrap">{row.route ?? endpoint ?? ''}</span>
      <span>
        <At at={row.createdAt} /> (<Ago at={row.createdAt} />)
      </span>
      {row.durationMs !== null && (
        <span>
          after <Duration ms={row.durationMs} />
        </span>
      )}
      {row.release !== null && <span>in {row.release}</span>}
      {row.user !== null && (
        <span>
          for <Link href={paths.user(row.user)}>{row.user}</Link>
        </span>
      )}
      {row.fingerprint !== null && (
        <Link class="button" href={paths.group(row.fingerprint)}>
          Its group
        </Link>
      )}
      <CopyButton text={row.id} label="Copy the id" />
    </p>
  )
}

function ReportBody({ detail }: { detail: RecordDetail }) {
  const { row } = detail
  return (
    <ReportPanels detail={detail}>
      {row.requestId !== null && <TimelinePanel requestId={row.requestId} row={row} />}
    </ReportPanels>
  )
}
