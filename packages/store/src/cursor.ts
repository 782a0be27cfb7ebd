import { beginningOf } from '@fastify-scs/core/kit/plain'
import { FilterError } from './errors.js'

/** The last record of a page: records are ordered by time, then by id, both descending. */
export interface PageEdge {
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly id: string
}

const CURSOR = /^(\d{1,16})\.([0-9a-f-]{36})$/

/** The cursor of the page that follows a record. */
export function writeCursor(edge: PageEdge): string {
  return Buffer.from(`${edge.createdAt}.${edge.id}`).toString('base64url')
}

/** Where a page begins. @throws FilterError when it is no cursor of ours */
export function readCursor(cursor: string): PageEdge {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : ''
  const [, createdAt, id] = CURSOR.exec(text) ?? []
  if (createdAt !== undefined && id !== undefined) return { createdAt: Number(createdAt), id }
  throw new FilterError('cursor', 'nextCursor of the page before', beginningOf(String(cursor), 60))
}
