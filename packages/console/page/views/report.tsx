import { queryOptions, useQuery } from '@tanstack/preact-query'
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
import { CopyPromptButton } from '../report/copy-prompt-button.js'
import { TimelinePanel } from '../report/timeline-panel.js'
import { paths } from '../shell/paths.js'
import type { ViewProps } from '../shell/view-props.js'

/** Loaded when the first report is opened: whoever looks at a list has no use for it. */
const panelsQuery = queryOptions({
  queryKey: ['report-panels'],
  queryFn: () =>
    import('../report/report-panels.js').catch(() => {
      throw new Error(
        'This part of the page could not be loaded: the connection is lost, or the service has a newer version.',
      )
    }),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
})

/** One report: what was thrown and where, the request, and what happened in it. */
export function ReportView({ params: { id = '' } }: ViewProps) {
  const { row, query } = useRecord('reports', id)
  // Beside the report, not after it.
  const panels = useQuery(panelsQuery)
  // A browser does not ask for a module again that it could not load, until the page is loaded again.
  const reload = (): void => window.location.reload()
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
      <Loaded query={{ ...panels, refetch: reload }}>
        {({ ReportPanels }) => (
          <Loaded query={query}>
            {(detail) => <ReportBody detail={detail} Panels={ReportPanels} />}
          </Loaded>
        )}
      </Loaded>
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
      <CopyPromptButton id={row.id} />
    </p>
  )
}

function ReportBody({
  detail,
  Panels,
}: {
  detail: RecordDetail
  Panels: typeof import('../report/report-panels.js').ReportPanels
}) {
  const { row } = detail
  return (
    <Panels detail={detail}>
      {row.requestId !== null && <TimelinePanel requestId={row.requestId} row={row} />}
    </Panels>
  )
}
