import {
  type FoundRecord,
  LineLimiter,
  type RecordData,
  type RecordFilter,
  type RecordKey,
  type RecordKind,
  type RecordPage,
} from '@fastify-scs/core/kit'
import { CheckedAdapter } from './checked-adapter.js'
import { ReadOnlyError, StoreUnavailableError } from './errors.js'
import { forgetUser, nothingForgotten, resolveForgetting } from './forget/forget-user.js'
import type { ForgettingOutcome } from './forget/user-forgotten.js'
import { outboxPathOf, type ResolvedStoreOptions } from './options.js'
import { OutboxBreaker } from './outbox/breaker.js'
import { Outbox } from './outbox/outbox.js'
import type { StoreAdapter, StoreSize } from './port.js'
import { StoreReads } from './read/reads.js'
import { checkSightings } from './read/sightings.js'
import type { RedactedLog } from './redacted-log.js'
import { olderThanDays, Retention } from './retention.js'
import type { Store } from './store.js'
import { DeferredWriter } from './writer/deferred-writer.js'
import { LastWriters } from './writer/last-writers.js'
import { RefusedWrites } from './writer/refused-writes.js'
import { ReleaseNotes } from './writer/release-notes.js'
import { type MutableWriteCounts, noWriteCounts } from './writer/write-counts.js'

/** The share of `closeTimeoutMs` that is left to the adapter at least. */
const ADAPTER_CLOSE_SHARE = 0.2
/** What is left to the adapter when `closeTimeoutMs` is long, in milliseconds. */
const ADAPTER_CLOSE_MS = 1_000
/** Between two touches of the outbox's files, which show that they have an owner, in milliseconds; well below ABANDONED_MS. */
const TOUCH_MS = 60_000

/** A store and what closes it. */
export interface OpenStore {
  readonly store: Store
  /** Stores what waits, keeps the rest in the outbox and lets go of everything. */
  close(): Promise<void>
}

/** The parts of an open store. */
interface Parts {
  readonly adapter: CheckedAdapter
  readonly outbox: OutboxBreaker
  readonly writer: DeferredWriter
  readonly retention: Retention
  readonly releaseNotes: ReleaseNotes
  readonly counts: MutableWriteCounts
  /** Takes a record, as `Store.write`. */
  readonly write: Store['write']
}

/**
 * Opens an adapter and joins the parts of a store to it.
 *
 * @throws OptionsError, and what the adapter throws when it can't be opened; with `startup: 'wait'` not when it is unavailable
 */
export async function openStore(
  given: StoreAdapter,
  options: ResolvedStoreOptions,
  log: RedactedLog,
  onForgotten: (outcome: ForgettingOutcome) => void = () => {},
): Promise<OpenStore> {
  const parts = partsOf(given, options, log)
  const { adapter, outbox, writer, retention, releaseNotes } = parts
  await open(parts, options)
  const touching = setInterval(() => void touch(outbox, writer), TOUCH_MS).unref()
  if (!options.readOnly) retention.start()
  const lastWriters = new LastWriters(writer, log)
  return {
    store: storeOf(parts, options, lastWriters, onForgotten),
    async close() {
      clearInterval(touching)
      retention.stop()
      releaseNotes.stop()
      const endMs = performance.now() + options.closeTimeoutMs
      const adapterMs = Math.min(ADAPTER_CLOSE_MS, options.closeTimeoutMs * ADAPTER_CLOSE_SHARE)
      await writer.close(options.closeTimeoutMs - adapterMs)
      lastWriters.close()
      await adapter.close(Math.max(adapterMs, endMs - performance.now()))
    },
  }
}

function partsOf(given: StoreAdapter, options: ResolvedStoreOptions, log: RedactedLog): Parts {
  const counts = noWriteCounts()
  const maxBytes = options.maxBytes ?? given.traits.defaultMaxBytes
  const { searchBodies, readOnly, queryTimeoutMs } = options
  const onRemoved = (records: number): void => retention.countRemoved(records)
  const adapter = new CheckedAdapter(given, {
    log,
    maxBytes,
    searchBodies,
    readOnly,
    queryTimeoutMs,
    onRemoved,
  })
  const retention: Retention = new Retention(adapter, { ...options, maxBytes }, log)
  const path = readOnly ? undefined : outboxPathOf(options, given)
  const files = path === undefined ? undefined : new Outbox(path, options.outboxMaxBytes, log)
  const lines = new LineLimiter(log)
  const outbox = new OutboxBreaker(files, (error) => {
    const failures = ++counts.outboxFailures
    if (lines.mayWrite('outbox'))
      log.error({ err: error, path, failures }, 'the outbox of the store cannot be used')
  })
  const writer = new DeferredWriter(adapter, outbox, options, counts, log)
  const releaseNotes = new ReleaseNotes(adapter, () => writer.isAvailable, options, counts, log)
  const refused = readOnly ? new RefusedWrites(counts, log) : undefined
  const write: Store['write'] = (record) => (refused ?? writer).write(record)
  return { adapter, outbox, writer, retention, releaseNotes, counts, write }
}

function storeOf(
  { adapter, outbox, writer, retention, releaseNotes, counts, write }: Parts,
  { durability, readOnly }: ResolvedStoreOptions,
  lastWriters: LastWriters,
  onForgotten: (outcome: ForgettingOutcome) => void,
): Store {
  const reads = new StoreReads(adapter, writer)
  return {
    durability,
    write,
    // What a kind's data is has been declared by the package that writes the kind.
    find: <Kind extends RecordKind>(kind: Kind, filter?: RecordFilter) =>
      reads.find(kind, filter) as Promise<unknown> as Promise<RecordPage<RecordData<Kind>>>,
    get: <Kind extends RecordKind>(kind: Kind, id: string | RecordKey) =>
      reads.get(kind, id) as Promise<unknown> as Promise<FoundRecord<RecordData<Kind>> | undefined>,
    buckets: (kind, query) => reads.buckets(kind, query),
    groups: (filter) => reads.groups(filter),
    changeGroup: (fingerprint, change) => adapter.changeGroup(fingerprint, change),
    noteRelease: (release, at) => releaseNotes.note(release, at),
    releases: (limit) => reads.releases(limit),
    tally: (kind, query) => reads.tally(kind, query),
    routeStats: (query) => reads.routeStats(query),
    flush: () => writer.flush(),
    beforeLastFlush: (callback) => lastWriters.add(callback),
    async countGroups(sightings, rules) {
      checkSightings(sightings, rules)
      if (readOnly) throw new ReadOnlyError('count groups')
      // At once, not after a connect time-out: whoever reports an error waits for the answer.
      if (!writer.isAvailable)
        throw new StoreUnavailableError(adapter.engine, 'it takes no records at the moment')
      return adapter.countGroups(sightings, rules)
    },
    async forgetUser(user, given) {
      const forgetting = resolveForgetting(user, given)
      if (readOnly) throw new ReadOnlyError('forget a user')
      // What waits in memory or in the outbox would come back; its file goes when all of it is stored.
      outbox.turn()
      if (!(await writer.flush()))
        throw new StoreUnavailableError(adapter.engine, 'what waits cannot be stored first')
      const counts = nothingForgotten()
      const { pseudonym, by } = forgetting
      let isComplete = false
      try {
        const forgotten = await forgetUser(adapter, forgetting, counts)
        isComplete = true
        return forgotten
      } finally {
        onForgotten({ ...structuredClone(counts), pseudonym, by, isComplete })
      }
    },
    prune: async ({ olderThanDays: days, kind }) =>
      retention.prune({ ...olderThanDays(days), ...(kind === undefined ? {} : { kind }) }),
    async stats() {
      const stored = writer.isAvailable ? await sizeOf(adapter) : undefined
      return {
        ...structuredClone(counts),
        engine: adapter.engine,
        isAvailable: writer.isAvailable,
        isReadOnly: readOnly,
        busyMs: adapter.busyMs(),
        ...(stored === undefined ? {} : { stored }),
        queue: writer.queue(),
        lagMs: writer.lagMs,
        outboxBytes: outbox.bytes,
        pruned: retention.pruned,
      }
    },
  }
}

/** Shows that the outbox's files have an owner, and takes over those whose owner is gone. */
async function touch(outbox: OutboxBreaker, writer: DeferredWriter): Promise<void> {
  outbox.touch()
  if (await outbox.adopt()) writer.wake()
}

async function open(
  { adapter, outbox, writer }: Parts,
  { startup }: ResolvedStoreOptions,
): Promise<void> {
  try {
    await adapter.open()
  } catch (error) {
    if (startup === 'fail' || !(error instanceof StoreUnavailableError)) {
      await adapter.close()
      throw error
    }
    await outbox.adopt()
    return writer.beginLater(error)
  }
  await outbox.adopt()
  writer.begin()
}

async function sizeOf(adapter: CheckedAdapter): Promise<StoreSize | undefined> {
  try {
    return await adapter.size()
  } catch {
    // The counts say that the database is away; they are needed most then.
    return undefined
  }
}
