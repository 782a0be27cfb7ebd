import {
  type ExpectedVersion,
  type FoundRow,
  RECORD_KINDS,
  type RecordKind,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import type { Question } from '../database.js'
import { SELECTED } from '../read/find.js'
import { reopenHours } from '../routes/hours.js'
import { type Partition, partitionsOf } from '../schema/partitions.js'
import { binaryArray, TIMESTAMP, UUID } from './binary-array.js'
import {
  type Candidate,
  candidateOf,
  decide,
  type Holder,
  nameOf,
  placeholderOf,
  type RowState,
  toldOf,
} from './candidate.js'
import { inLockOrder, REPLACES, upsertInto } from './insert.js'
import { claimKeys, freeKeys, giveKeys, holdersOf, keyOf, type RecordKey } from './record-keys.js'

/**
 * Compares and sets versions in one transaction of two pieces. The first locks the rows, in the order in which every instance
 * locks them, and makes those that are missing; then it locks the keys, and reads what is stored. The second replaces what is as
 * expected, removes rows that were made in vain, and reads what is not as expected.
 */
export class Comparison {
  /** The partitions of the records, each once. */
  readonly partitions: readonly Partition[]
  readonly #quotedSchema: string
  readonly #candidates: readonly Candidate[]
  readonly #holders = new Map<string, Holder>()
  readonly #claimed = new Set<string>()

  /** @throws RecordRefusedError */
  constructor(quotedSchema: string, versions: readonly ExpectedVersion[], searchesBodies: boolean) {
    this.#quotedSchema = quotedSchema
    this.#candidates = versions.map((version) => candidateOf(version, searchesBodies))
    this.partitions = this.#byKind(this.#candidates).flatMap(([kind, ofKind]) =>
      partitionsOf(
        kind,
        ofKind.map(({ row }) => row),
      ),
    )
  }

  /** The first piece; may be made again when all has failed. */
  lock(): readonly Question[] {
    this.#claimed.clear()
    this.#holders.clear()
    const kinds = this.#byKind(this.#candidates)
    const keys = this.#candidates.flatMap(({ key }) => key ?? [])
    return [
      ...kinds.flatMap(([kind, ofKind]) =>
        reopenHours(
          this.#quotedSchema,
          kind,
          ofKind.map(({ row }) => row),
        ),
      ),
      ...kinds.map(([kind, ofKind]) => this.#lockRows(kind, ofKind)),
      ...(keys.length === 0 ? [] : [this.#claimKeys(keys)]),
      ...kinds.map(([kind, ofKind]) => this.#readStates(kind, ofKind)),
      ...kinds.flatMap(([kind, ofKind]) => this.#readHolders(kind, ofKind)),
    ]
  }

  /** The second piece. */
  set(): readonly Question[] {
    const given = decide(this.#candidates, this.#holders)
    const those = (isMeant: (candidate: Candidate) => boolean) =>
      this.#byKind(this.#candidates.filter(isMeant))
    return [
      ...those(isReplacing).map(([kind, ofKind]) =>
        upsertInto(
          this.#tableOf(kind),
          ofKind.map(({ row }) => row),
          REPLACES.always,
        ),
      ),
      ...those(({ isMade, reason }) => isMade && reason !== undefined).map(([kind, ofKind]) =>
        this.#deleteRows(kind, ofKind),
      ),
      ...those(({ reason }) => reason === 'revision').map(([kind, ofKind]) =>
        this.#readFound(kind, ofKind),
      ),
      ...this.#correctKeys(given),
    ]
  }

  /** The versions that were not stored, once both pieces are answered. */
  unkept(): readonly UnkeptVersion[] {
    return this.#candidates.flatMap(toldOf)
  }

  #lockRows(kind: RecordKind, candidates: readonly Candidate[]): Question {
    const rows = candidates.map(({ row, expected }) =>
      expected === undefined ? row : placeholderOf(row.id, row.createdAt),
    )
    const { text, values } = upsertInto(this.#tableOf(kind), rows, REPLACES.never)
    return {
      text: `${text} RETURNING id`,
      values,
      read: (made: readonly Pick<RowState, 'id'>[]) => {
        const ids = new Set(made.map(({ id }) => id))
        for (const candidate of candidates) candidate.isMade = ids.has(candidate.row.id)
      },
    }
  }

  #claimKeys(keys: readonly RecordKey[]): Question {
    return {
      ...claimKeys(this.#quotedSchema, keys),
      read: (claimed: readonly Pick<RecordKey, 'kind' | 'digest'>[]) => {
        for (const key of claimed) this.#claimed.add(nameOf(key))
      },
    }
  }

  #readStates(kind: RecordKind, candidates: readonly Candidate[]): Question {
    return this.#readRows(kind, 'id, revision, service, key', candidates, (rows: RowState[]) => {
      const states = new Map(rows.map((row) => [row.id, row]))
      for (const candidate of candidates) {
        if (!candidate.isMade) candidate.there = states.get(candidate.row.id)
      }
    })
  }

  #readHolders(kind: RecordKind, candidates: readonly Candidate[]): Question[] {
    const keys = candidates.flatMap(({ key }) => key ?? [])
    if (keys.length === 0) return []
    const read = (holders: readonly (Omit<RecordKey, 'kind'> & { isHeld: boolean })[]) => {
      for (const { isHeld, ...holder } of holders) {
        const key = { ...holder, kind }
        const name = nameOf(key)
        this.#holders.set(name, { key, isHeld, isClaimed: this.#claimed.has(name) })
      }
    }
    return [{ ...holdersOf(this.#quotedSchema, kind, keys), read }]
  }

  #deleteRows(kind: RecordKind, candidates: readonly Candidate[]): Question {
    return {
      text: `DELETE FROM ${this.#tableOf(kind)} WHERE ${SAME_RECORDS}`,
      values: namesOf(candidates),
    }
  }

  #readFound(kind: RecordKind, candidates: readonly Candidate[]): Question {
    return this.#readRows(kind, SELECTED, candidates, (rows: FoundRow[]) => {
      const found = new Map(rows.map((row) => [row.id, row]))
      for (const candidate of candidates) candidate.found = found.get(candidate.row.id)
    })
  }

  #readRows<Row>(
    kind: RecordKind,
    selected: string,
    candidates: readonly Candidate[],
    take: (rows: Row[]) => void,
  ): Question {
    return {
      text: `SELECT ${selected} FROM ${this.#tableOf(kind)} WHERE ${SAME_RECORDS}`,
      values: namesOf(candidates),
      read: (rows: readonly unknown[]) => take(rows as Row[]),
    }
  }

  /** Gives keys to their new records; frees those that a version claimed in vain, and those that a record had before. */
  #correctKeys(given: ReadonlyMap<string, RecordKey>): Question[] {
    const moved = [...given].filter(([name, { id }]) => this.#holders.get(name)?.key.id !== id)
    const inVain = [...this.#holders].filter(
      ([name, { isClaimed }]) => isClaimed && !given.has(name),
    )
    const former = this.#candidates.filter(isReplacing).flatMap(({ kind, row, key, there }) => {
      const had = there && keyOf(kind, { ...there, createdAt: row.createdAt })
      return had === undefined || had.digest === key?.digest ? [] : [had]
    })
    const free = [...inVain.map(([, { key }]) => key), ...former]
    return [
      ...(moved.length === 0
        ? []
        : [
            giveKeys(
              this.#quotedSchema,
              moved.map(([, key]) => key),
            ),
          ]),
      ...(free.length === 0 ? [] : [freeKeys(this.#quotedSchema, free)]),
    ]
  }

  /** In the order in which every instance locks them. */
  #byKind(candidates: readonly Candidate[]): (readonly [RecordKind, readonly Candidate[]])[] {
    return RECORD_KINDS.flatMap((kind) => {
      const ofKind = candidates.filter((candidate) => candidate.kind === kind)
      const ordered = inLockOrder(ofKind, ({ row }) => row.id)
      return ordered.length === 0 ? [] : [[kind, ordered] as const]
    })
  }

  #tableOf(kind: RecordKind): string {
    return `${this.#quotedSchema}.${kind}`
  }
}

/** By arrays; the one of the times excludes the partitions of other days. */
const SAME_RECORDS = 'id = ANY ($1::uuid[]) AND created_at = ANY ($2::timestamptz[])'

function namesOf(candidates: readonly Candidate[]): Buffer[] {
  return [
    binaryArray(
      UUID,
      candidates.map(({ row }) => row.id),
    ),
    binaryArray(
      TIMESTAMP,
      candidates.map(({ row }) => row.createdAt),
    ),
  ]
}

function isReplacing({ isMade, reason }: Candidate): boolean {
  return !isMade && reason === undefined
}
