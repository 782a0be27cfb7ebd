import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { CallRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { recordsQuery } from '../api/queries.js'
import { Panel } from '../components/panel.js'
import { RecordTable } from '../components/record-table.js'
import { CALL_COLUMNS } from '../lists/columns.js'
import { rowsOf } from '../lists/rows-of.js'
import { paths } from '../shell/paths.js'

/** Calls that are shown at once; all of them are a link away. */
const SHOWN = 10

/** The other calls of the same business record; without one, the other calls of the same request. */
export function LikeCalls({ row }: { row: CallRow }) {
  const api = useApi()
  const type = row.reference?.type ?? null
  const id = row.reference?.id ?? null
  const ofRecord = type !== null && id !== null
  const of = ofRecord ? { referenceType: type, referenceId: id } : { requestId: row.requestId }
  const query = useQuery({
    ...recordsQuery(api, 'integration_requests', { ...of, limit: SHOWN + 1 }),
    enabled: ofRecord || row.requestId !== null,
  })
  const rows = rowsOf('integration_requests', query.data?.items)
  const others = rows.filter((each) => each.id !== row.id).slice(0, SHOWN)
  if (others.length === 0) return null
  const title = ofRecord ? `Other calls of ${type} ${id}` : 'Other calls of the same request'
  const all = ofRecord
    ? paths.reference(type, id)
    : paths.request(row.requestId ?? '', row.createdAt)
  return (
    <Panel title={title} aside={<Link href={all}>All of them</Link>} isFlush>
      <RecordTable
        label={title}
        columns={CALL_COLUMNS.filter(({ name }) => name !== 'reference')}
        rows={others}
      />
    </Panel>
  )
}
