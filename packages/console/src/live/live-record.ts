import { type FoundRecord, isMatch, type ResolvedFilter, toRow } from '@fastify-scs/store'
import type { ListedKind } from '../api/model.js'
import { rowOf } from '../record/rows.js'

type Row = Parameters<typeof isMatch>[0]

/** A record on its way to all clients; what they need of it is made once. */
export class LiveRecord {
  readonly kind: ListedKind
  readonly found: FoundRecord
  #row: Row | undefined
  #rowWithBodies: Row | undefined
  #json: string | undefined

  constructor(kind: ListedKind, found: FoundRecord) {
    this.kind = kind
    this.found = found
  }

  /** As it is sent. */
  get json(): string {
    this.#json ??= JSON.stringify(rowOf(this.found))
    return this.#json
  }

  /** Whether it has what a filter asks for, by the rule of the store. */
  matches(filter: ResolvedFilter): boolean {
    if (filter.text !== undefined) {
      this.#rowWithBodies ??= this.#rowOf(this.found.data)
      return isMatch(this.#rowWithBodies, filter)
    }
    // A row has its data as JSON, which takes longest to make and only a search for text looks at.
    const { method, url, isRemoteRequest } = this.found.data
    this.#row ??= this.#rowOf({
      method: method ?? null,
      url: url ?? null,
      isRemoteRequest: isRemoteRequest ?? null,
    })
    return isMatch(this.#row, filter)
  }

  #rowOf(data: FoundRecord['data']): Row {
    const { found } = this
    return { ...toRow('memory', { ...found, data, importance: 'normal' }), kind: found.kind }
  }
}
