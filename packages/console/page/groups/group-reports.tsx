import { useInfiniteQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { RecordList } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { MoreButton } from '../components/more-button.js'
import { Panel } from '../components/panel.js'
import { RecordTable } from '../components/record-table.js'
import { REPORT_COLUMNS } from '../lists/columns.js'
import { rowsOf } from '../lists/rows-of.js'
import { paths } from '../shell/paths.js'

const PAGE_ROWS = 20

/** The stored reports of a group, the newest first. */
export function GroupReports({ fingerprint }: { fingerprint: string }) {
  const api = useApi()
  const query = useInfiniteQuery({
    queryKey: ['record-pages', 'reports', { fingerprint }],
    queryFn: ({ pageParam, signal }) =>
      api.get<RecordList>(
        'records/reports',
        { fingerprint, limit: PAGE_ROWS, cursor: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  return (
    <Panel
      title="Reports"
      isFlush
      aside={<Link href={paths.reports({ fingerprint })}>With filters</Link>}
    >
      <div>
        <Loaded query={query}>
          {({ pages }) => {
            const reports = rowsOf(
              'reports',
              pages.flatMap(({ items }) => items),
            )
            if (reports.length === 0)
              return (
                <Empty title="No report of this group is stored any more.">
                  Reports are thinned out, and removed when they are older than the store keeps
                  them. The counts stay.
                </Empty>
              )
            return (
              <RecordTable label="Reports of this group" columns={REPORT_COLUMNS} rows={reports} />
            )
          }}
        </Loaded>
        <MoreButton list={query} />
      </div>
    </Panel>
  )
}
