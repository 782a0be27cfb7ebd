import { useQuery, useQueryClient } from '@tanstack/preact-query'
import { useMemo } from 'preact/hooks'
import type { RecordDetail, RecordRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { recordQuery } from '../api/queries.js'
import type { ShownQuery } from '../components/loaded.js'
import type { RowOf } from '../lists/rows-of.js'
import { knownRow } from './known-row.js'

/** A record on a page of its own. */
export interface OpenedRecord<Kind extends RecordRow['kind']> {
  /** Its row: what a list knew of it shows before the answer is there. */
  readonly row: RowOf<Kind> | undefined
  /** The whole of it. */
  readonly query: ShownQuery<RecordDetail>
}

/** Opens a record, which is an audit event. */
export function useRecord<Kind extends RecordRow['kind']>(
  kind: Kind,
  id: string,
): OpenedRecord<Kind> {
  const queries = useQueryClient()
  const query = useQuery(recordQuery(useApi(), kind, id))
  const known = useMemo(() => knownRow(queries, kind, id), [queries, kind, id])
  const row = query.data?.row
  return { query, row: row?.kind === kind ? (row as RowOf<Kind>) : known }
}
