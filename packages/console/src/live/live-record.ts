import { type FoundRecord, isMatch, type ResolvedFilter, toRow } from '@fastify-scs/store'
import type { ListedKind } from '../api/model.js'
import { rowOf } from '../record/rows.js'

/** A record on its way to all clients; what they need of it is made once. */
export class LiveRecord {
  readonly kind: ListedKind
  readonly found: FoundRecord
  #row: Parameters<typeof isMatch>[0] | undefined
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
    const { found } = this
    this.#row ??= { ...toRow('memory', { ...found, importance: 'normal' }), kind: found.kind }
    return isMatch(this.#row, filter)
  }
}
