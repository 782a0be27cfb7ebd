import { type Static, Type } from '@sinclair/typebox'
import { count, nullable, text } from './fields.js'

/** The store's own state: `GET /api/store`. */
export const StoreState = Type.Object({
  engine: text(),
  isAvailable: Type.Boolean(),
  isReadOnly: Type.Boolean(),
  records: nullable(Type.Record(Type.String(), count())),
  deadLetters: nullable(count()),
  bytes: nullable(Type.Number()),
  queue: Type.Object({
    records: count(),
    bytes: Type.Number(),
    batchesInFlight: count(),
    oldestAgeMs: Type.Number(),
  }),
  lagMs: Type.Number(),
  outboxBytes: Type.Number(),
  written: count(),
  /** Records that were dropped under pressure, and bodies that were. */
  shed: count(),
  shedBodies: count(),
  pruned: count(),
  /** What the suite itself costs: how long the store's own threads have been at work, and the process in all, since it started. */
  cost: Type.Object({
    storeBusyMs: Type.Number(),
    /** CPU time of the whole process, in milliseconds. */
    processCpuMs: Type.Number(),
    uptimeMs: Type.Number(),
  }),
  /**
   * What the console has done and costs: queries, those that had to wait, were refused or were cut, how long they have run in all; and
   * how often it has failed.
   */
  console: Type.Object({
    queries: count(),
    waited: count(),
    refused: count(),
    timedOut: count(),
    queryMs: Type.Number(),
    failed: count(),
    liveClients: count(),
  }),
})
export type StoreState = Static<typeof StoreState>
