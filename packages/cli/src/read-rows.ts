import type { ListedKind, RecordQuery, RecordRow, StoreReader } from '@fastify-scs/console/read'
import { writeCursor } from '@fastify-scs/store'

/** Records that are read at a time. */
const PAGE = 200

/** A page of rows of several kinds. */
export interface RowPage {
  readonly rows: readonly RecordRow[]
  readonly nextCursor?: string
}

/** One page of rows of several kinds, newest first. A cursor is a place in time, and so the same one for all kinds. */
export async function readPage(
  reader: StoreReader,
  kinds: readonly ListedKind[],
  query: RecordQuery,
): Promise<RowPage> {
  const { limit = PAGE } = query
  const pages = await Promise.all(kinds.map((kind) => reader.find(kind, { ...query, limit })))
  const rows = pages.flatMap(({ items }) => items).sort(newestFirst)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit || pages.some(({ nextCursor }) => nextCursor !== undefined)
  return {
    rows: shown,
    ...(hasMore && last !== undefined ? { nextCursor: writeCursor(last) } : {}),
  }
}

/** Page after page until so many rows are read; the next one is read once the one before was taken. */
export async function* readPages(
  reader: StoreReader,
  kinds: readonly ListedKind[],
  query: RecordQuery,
  most: number,
): AsyncGenerator<RowPage> {
  let left = most
  let { cursor } = query
  do {
    const from = cursor === undefined ? {} : { cursor }
    const page = await readPage(reader, kinds, { ...query, ...from, limit: Math.min(PAGE, left) })
    yield page
    left -= page.rows.length
    cursor = page.nextCursor
  } while (cursor !== undefined && left > 0)
}

function newestFirst(one: RecordRow, other: RecordRow): number {
  return other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1)
}
