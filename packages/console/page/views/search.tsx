import { useQuery, useQueryClient } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { useApi } from '../api/context.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { countOf } from '../components/number-text.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { findEverywhere, looksLikeId } from '../report/find-id.js'
import { RecordRows } from '../report/record-rows.js'
import { pathOfRecord } from '../shell/paths.js'
import { useQueryParams } from '../shell/use-query-params.js'

/** What is found for an id or for words. An id that only one record has opens it. */
export function SearchView() {
  const [params] = useQueryParams()
  const text = params.get('q')?.trim() ?? ''
  const api = useApi()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const query = useQuery({
    queryKey: ['search', text],
    queryFn: () => findEverywhere(queries, api, text),
    enabled: text !== '',
  })
  const records = query.data?.records
  const only = records?.length === 1 && looksLikeId(text) ? records[0] : undefined
  useEffect(() => {
    if (only !== undefined) navigate(pathOfRecord(only), { replace: true })
  }, [only, navigate])
  if (text === '')
    return (
      <Page title="Search">
        <Empty title="Nothing is searched for.">
          Press <kbd>/</kbd> and paste an error id, a request id or a trace id, or type words of a
          title, a message or an address.
        </Empty>
      </Page>
    )
  return (
    <Page title={`Search: ${text}`}>
      <Loaded query={query}>
        {(found) =>
          found.records.length === 0 ? (
            <Empty title="Nothing was found.">
              Words are looked for in the titles, messages and addresses of the last 7 days; ids in
              everything that is stored.
            </Empty>
          ) : (
            <Panel title={countOf(found.records.length, 'record')} isFlush>
              <RecordRows records={found.records} label="What was found, newest first" />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  )
}
