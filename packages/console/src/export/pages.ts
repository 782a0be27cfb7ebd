import type { ListedKind, RecordQuery } from '../api/model.js'
import { findRecords } from '../query/find-records.js'
import type { FindPage } from '../query/record-pager.js'
import { rowOf } from '../record/rows.js'
import type { ExportFormat } from './lines.js'

/** Records that are read at a time. */
const PAGE = 200

/** The text of an export: reads page after page, each only once the one before has been taken: a client that reads slowly holds up its export alone. */
export async function* exportPages(
  find: FindPage,
  kind: ListedKind,
  query: RecordQuery,
  format: ExportFormat,
): AsyncGenerator<string> {
  let cursor: string | undefined
  let head = format.head(kind)
  do {
    const from = cursor === undefined ? {} : { cursor }
    const { items, nextCursor } = await findRecords(find, kind, query, {
      ...from,
      limit: PAGE,
    })
    yield `${head}${format.lines(kind, items.map(rowOf))}`
    head = ''
    cursor = nextCursor
  } while (cursor !== undefined)
}
