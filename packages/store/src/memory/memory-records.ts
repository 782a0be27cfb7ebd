import { RECORD_KINDS, type RecordKind } from '@fastify-scs/core/kit'
import type { UnkeptVersion } from '../port.js'
import { isAfter } from '../read/match.js'
import type { FoundRow, RecordRow } from '../record/row.js'

/** What every row costs beside its texts, in bytes; an estimate. */
const ROW_BYTES = 400

/** A record in memory. */
export type MemoryRow = RecordRow & { readonly kind: RecordKind }

/** The records of a store in memory, of all kinds. */
export class MemoryRecords {
  /** By id, in the order of arrival. */
  readonly #rows: Readonly<Record<RecordKind, Map<string, MemoryRow>>> = {
    integration_requests: new Map(),
    reports: new Map(),
    audit_events: new Map(),
    route_stats: new Map(),
  }
  /** Ids of the records that have a key, by where the key is unique. */
  readonly #keyHolders = new Map<string, string>()
  #bytes = 0

  /** What they take, as far as their texts tell. */
  get bytes(): number {
    return this.#bytes
  }

  /** The records of a kind, in the order of arrival. */
  of(kind: RecordKind): ReadonlyMap<string, MemoryRow> {
    return this.#rows[kind]
  }

  /** Why a version cannot be stored in place of the one that is expected; undefined where it can. */
  unkept(
    kind: RecordKind,
    row: RecordRow,
    expected: number | undefined,
  ): UnkeptVersion | undefined {
    const { id } = row
    const known = this.#rows[kind].get(id)
    if (known === undefined && expected !== undefined) return { reason: 'gone', id }
    if (known !== undefined && known.revision !== expected)
      return { reason: 'revision', id, found: toFound(known) }
    const place = keyPlace(kind, row)
    const holderId = place === undefined ? undefined : this.#keyHolders.get(place)
    if (holderId === undefined || holderId === id) return undefined
    return { reason: 'key', id, holderId }
  }

  /** Stores a row, unless the same or a higher revision is stored. */
  put(row: MemoryRow): void {
    const known = this.#rows[row.kind].get(row.id)
    if (known === undefined || known.revision < row.revision) this.keep(row)
  }

  /** Stores a row in place of whatever is stored. */
  keep(row: MemoryRow): void {
    const known = this.#rows[row.kind].get(row.id)
    if (known !== undefined) this.#forget(known)
    this.#bytes += sizeOf(row)
    this.#rows[row.kind].set(row.id, row)
    const place = keyPlace(row.kind, row)
    if (place !== undefined && !this.#keyHolders.has(place)) this.#keyHolders.set(place, row.id)
  }

  /** Removes a row. */
  remove(row: MemoryRow): void {
    if (this.#rows[row.kind].delete(row.id)) this.#forget(row)
  }

  #forget(row: MemoryRow): void {
    this.#bytes -= sizeOf(row)
    const place = keyPlace(row.kind, row)
    if (place !== undefined && this.#keyHolders.get(place) === row.id)
      this.#keyHolders.delete(place)
  }

  /** Records of all kinds. */
  get size(): number {
    return RECORD_KINDS.reduce((sum, kind) => sum + this.#rows[kind].size, 0)
  }

  /** The records of a kind, as a page has them. */
  newestFirst(kind: RecordKind): MemoryRow[] {
    return [...this.#rows[kind].values()].sort((one, other) => (isAfter(one, other) ? 1 : -1))
  }

  /** Removes the oldest until the rest is within the limits. */
  keepWithin(maxRecords: number, maxBytes: number): void {
    let tooMany = this.size - maxRecords
    if (tooMany <= 0 && this.#bytes <= maxBytes) return
    // More than needed, so that a full store does not sort for each batch.
    tooMany += Math.ceil(maxRecords / 20)
    const bytes = maxBytes * 0.95
    const all = RECORD_KINDS.flatMap((kind) => [...this.#rows[kind].values()])
    all.sort((one, other) => one.createdAt - other.createdAt)
    for (const row of all) {
      if (tooMany <= 0 && this.#bytes <= bytes) return
      this.remove(row)
      tooMany--
    }
  }
}

/** Names a key among all kinds and services; no text of a row has NUL. */
function keyPlace(kind: RecordKind, { service, key }: RecordRow): string | undefined {
  return key === null ? undefined : `${kind}\0${service ?? ''}\0${key}`
}

/** The row as it is read back. */
export function toFound(row: MemoryRow): FoundRow {
  const { kind: _kind, searchText: _text, method: _method, ...rest } = row
  const { direction: _direction, url: _url, ...found } = rest
  return found
}

function sizeOf({ data }: MemoryRow): number {
  return ROW_BYTES + data.length
}
