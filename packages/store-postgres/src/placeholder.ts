import type { StoredRow } from './columns.js'

/** Makes a row where none is, to be taken back: a row that is not there cannot be locked in its turn. */
export function placeholderOf(id: string, createdAt: number): StoredRow {
  return { ...NOTHING, id, createdAt }
}

const NOTHING: Omit<StoredRow, 'id' | 'createdAt'> = {
  revision: 0,
  service: null,
  status: null,
  statusCode: null,
  fingerprint: null,
  level: null,
  requestId: null,
  key: null,
  remoteId: null,
  referenceType: null,
  referenceId: null,
  user: null,
  durationMs: null,
  summary: null,
  method: null,
  direction: null,
  url: null,
  searchText: null,
  stamps: null,
  data: '{}',
}
