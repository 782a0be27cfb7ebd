import { useInfiniteQuery } from '@tanstack/preact-query'
import type { RecordList } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { useNow } from '../components/clock.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { FILTER_NAMES, filterOf, queryOf } from '../lists/record-filter.js'
import { ReportTable } from '../report/report-table.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { useRowKeys } from '../shell/use-row-keys.js'

const PAGE_ROWS = 50

/** Reports one by one, whatever their group: of a route, a user, a release. */
export function ReportsView() {
  const [params, change] = useQueryParams()
  const api = useApi()
  const filter = filterOf(params.toString(), 'reports')
  const asked = queryOf(filter, useNow())
  const rows = useRowKeys<HTMLDivElement>()
  const query = useInfiniteQuery({
    queryKey: ['record-pages', 'reports', asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<RecordList>(
        'records/reports',
        { ...asked, limit: PAGE_ROWS, cursor: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const chips = FILTER_NAMES.filter((name) => filter[name] !== undefined)
  return (
    <Page
      title="Reports"
      aside={chips.map((name) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-label={`Take the filter ${name} ${filter[name]} away`}
          onClick={() => change({ [name]: undefined })}
        >
          <span class="muted">{name}</span> {filter[name]} <span aria-hidden="true">×</span>
        </button>
      ))}
    >
      <Panel title="Newest first" isFlush>
        <div ref={rows}>
          <Loaded query={query}>
            {({ pages }) => {
              const reports = pages
                .flatMap(({ items }) => items)
                .filter((row) => row.kind === 'reports')
              if (reports.length > 0)
                return <ReportTable reports={reports} caption="Reports, newest first" />
              return (
                <Empty title="No report matches.">Take a filter away to see more of them.</Empty>
              )
            }}
          </Loaded>
          {query.hasNextPage && (
            <button
              type="button"
              class="more"
              disabled={query.isFetchingNextPage}
              onClick={() => query.fetchNextPage()}
            >
              {query.isFetchingNextPage ? 'Loading …' : 'Show more'}
            </button>
          )}
        </div>
      </Panel>
    </Page>
  )
}
