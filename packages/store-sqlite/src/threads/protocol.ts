import type {
  BucketQuery,
  ExpectedVersion,
  GroupRules,
  GroupSighting,
  RecordKind,
  ResolvedFilter,
  RetentionLimits,
  StoreRecord,
} from '@fastify-scs/store/adapter'
import type { DriverName } from '../driver/driver.js'

/** What a thread of the store does. */
export type WorkerRole = 'writer' | 'reader' | 'checkpointer'

/** What a thread gets to know first. */
export interface WorkerTask<Start> {
  readonly role: WorkerRole
  readonly start: Start
}

/** What becomes of a damaged file. */
export type OnDamaged = 'fail' | 'keepAside'

/** What the application wants of the file. */
export interface WorkerSetup {
  /** The size that the file is kept to while it is written, in bytes; absent for no limit. */
  readonly maxBytes?: number
  /** Whether the words of bodies are indexed, and searched. */
  readonly searchBodies?: boolean
}

/** What a worker is started with. */
export interface WorkerStart extends WorkerSetup {
  readonly path: string
  readonly busyTimeoutMs: number
  readonly driver: DriverName | undefined
  readonly onDamaged: OnDamaged
  /** The address of the module of all workers; undefined where a bundler has left none. */
  readonly workerUrl: string | undefined
  /** Counters of the writer: batches that are through, those of them that failed, rows that went to make room, and whether to stop. */
  readonly counters: Int32Array
}

/** Where the counters are in `counters`. */
export const THROUGH = 0
/** Where the count of failed batches is. */
export const FAILED = 1
/** Where the count of rows that went to make room is, until it is taken. */
export const REMOVED = 2
/** Not 0 once nobody waits for another process's lock any more. */
export const STOP = 3
/** How many counters there are. */
export const COUNTERS = 4

/** What the writer can be asked. */
export type WriterCall =
  /** The beginning of a batch: kept until the rest comes, with the same key. */
  | { readonly call: 'part'; readonly key: number; readonly batch: readonly StoreRecord[] }
  | {
      readonly call: 'insert'
      readonly key?: number
      readonly batch: readonly StoreRecord[]
      /** Whether a record with stamps or a key is merged with what is there; the batch fails if another record has its key. */
      readonly mergesVersions?: boolean
    }
  | { readonly call: 'compareAndSet'; readonly versions: readonly ExpectedVersion[] }
  | { readonly call: 'bury'; readonly record: StoreRecord; readonly reason: string }
  | {
      readonly call: 'countGroups'
      readonly sightings: readonly GroupSighting[]
      readonly rules: GroupRules
    }
  | { readonly call: 'prune'; readonly limits: RetentionLimits }
  | { readonly call: 'close' }

/** What the reader can be asked. */
export type ReaderCall =
  | { readonly call: 'find'; readonly kind: RecordKind; readonly query: ResolvedFilter }
  | { readonly call: 'get'; readonly kind: RecordKind; readonly id: string }
  | { readonly call: 'buckets'; readonly kind: RecordKind; readonly query: BucketQuery }
  | { readonly call: 'size' }
  | { readonly call: 'close' }

/** A call on its way to a worker. */
export interface Request<Call> {
  /** Names the answer; 0 when nobody waits for one. */
  readonly id: number
  readonly call: Call
}

/** A failure on its way from a worker: of an error only its text would arrive. */
export interface WireFailure {
  readonly code: string
  readonly message: string
}

/** What a worker has done by itself, for the application's log. */
export interface Notice {
  readonly details: object
  readonly message: string
}

/** An answer to one call, or to several of one fate; that with the id 0 says whether the worker has opened its file. */
export interface Answer {
  readonly ids: readonly number[]
  readonly value?: unknown
  readonly failure?: WireFailure
  readonly notice?: Notice
}
