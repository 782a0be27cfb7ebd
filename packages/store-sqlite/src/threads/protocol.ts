import type {
  BucketQuery,
  ForgetStep,
  GroupChange,
  GroupRules,
  GroupSighting,
  RecordKind,
  ResolvedFilter,
  ResolvedGroupFilter,
  ResolvedTally,
  RetentionLimits,
  RouteStatsQuery,
} from '@fastify-scs/store/adapter'
import type { DriverName } from '../driver/driver.js'
import type { PackedRecord } from './packed-record.js'

/** The part that a worker thread has. */
export type WorkerRole = 'writer' | 'reader' | 'checkpointer'

/** What a worker thread is started with: its part, and the start of that part. */
export interface WorkerTask<Start> {
  readonly role: WorkerRole
  readonly start: Start
}

/** What is done with a damaged file. */
export type OnDamaged = 'fail' | 'keepAside'

/** What the application wants of the file. */
export interface WorkerSetup {
  /** The size that the file is kept to while it is written, in bytes; absent for no limit. */
  readonly maxBytes?: number
  /** Whether the words of bodies are indexed, and searched. */
  readonly searchBodies?: boolean
  /** Whether nothing is written, so that the file must be there, with a schema that is known. */
  readonly isReadOnly?: boolean
  /** How long a read may take, in milliseconds. */
  readonly queryTimeoutMs?: number
}

/** What a worker is started with. */
export interface WorkerStart extends WorkerSetup {
  readonly path: string
  readonly busyTimeoutMs: number
  readonly driver: DriverName | undefined
  readonly onDamaged: OnDamaged
  /** The address of the module of all workers; undefined where a bundler has left none. */
  readonly workerUrl: string | undefined
  /** Shared with the writer: batches that it has done, those of them that failed, rows removed to make room, and whether to stop. */
  readonly counters: Int32Array
}

/** Index in `counters` of the batches that are done, failed ones included. */
export const THROUGH = 0
/** Index of the batches that failed. */
export const FAILED = 1
/** Index of the rows that were removed to make room, since this was read last. */
export const REMOVED = 2
/** Index of the flag that ends waiting for another process's lock: 0 until then. */
export const STOP = 3
/** Index of the time that checkpoints have taken in their own thread, in milliseconds. */
export const CHECKPOINT_MS = 4
/** How many counters there are. */
export const COUNTERS = 5

/** A version that is stored if just the expected one is. */
export interface PackedVersion {
  readonly record: PackedRecord
  readonly expected: number | undefined
}

/** What the writer can be asked. */
export type WriterCall =
  /** The beginning of a batch, which is kept until the rest comes with the same key. */
  | { readonly call: 'part'; readonly key: number; readonly batch: readonly PackedRecord[] }
  | {
      readonly call: 'insert'
      readonly key?: number
      readonly batch: readonly PackedRecord[]
      /** Whether records with stamps or keys are merged with what is stored; the batch fails if another record has a key. */
      readonly mergesVersions?: boolean
    }
  | { readonly call: 'compareAndSet'; readonly versions: readonly PackedVersion[] }
  | { readonly call: 'insertDeadLetter'; readonly record: PackedRecord; readonly reason: string }
  | {
      readonly call: 'countGroups'
      readonly sightings: readonly GroupSighting[]
      readonly rules: GroupRules
    }
  | { readonly call: 'changeGroup'; readonly fingerprint: string; readonly change: GroupChange }
  | { readonly call: 'noteRelease'; readonly release: string; readonly at: number }
  | { readonly call: 'forgetUser'; readonly step: ForgetStep }
  | { readonly call: 'prune'; readonly limits: RetentionLimits }
  | { readonly call: 'close' }

/** What the reader can be asked. */
export type ReaderCall =
  | { readonly call: 'find'; readonly kind: RecordKind; readonly query: ResolvedFilter }
  | { readonly call: 'get'; readonly kind: RecordKind; readonly id: string }
  | { readonly call: 'buckets'; readonly kind: RecordKind; readonly query: BucketQuery }
  | { readonly call: 'groups'; readonly query: ResolvedGroupFilter }
  | { readonly call: 'tally'; readonly kind: RecordKind; readonly query: ResolvedTally }
  | { readonly call: 'routeStats'; readonly query: RouteStatsQuery }
  | { readonly call: 'releases'; readonly limit: number }
  | { readonly call: 'size' }
  | { readonly call: 'close' }

/** A call on its way to a worker. */
export interface Request<Call> {
  /** Names the answer; 0 when nobody waits for one. */
  readonly id: number
  readonly call: Call
}

/** A failure as a worker sends it: of an Error object only the text would arrive. */
export interface WireFailure {
  readonly code: string
  readonly message: string
}

/** What a worker has done on its own account, for the application's log. */
export interface Notice {
  readonly details: object
  readonly message: string
}

/** The answer to one call, or to several with the same outcome; the answer to id 0 says whether the worker could open its file. */
export interface Answer {
  readonly ids: readonly number[]
  readonly value?: unknown
  readonly failure?: WireFailure
  readonly notice?: Notice
}
