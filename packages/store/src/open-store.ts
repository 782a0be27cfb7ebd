import { onProcessEnd } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from './errors.js'
import type { ResolvedStoreOptions } from './options.js'
import { outboxPathOf } from './options.js'
import { GuardedOutbox } from './outbox/breaker.js'
import { Outbox } from './outbox/outbox.js'
import type { StoreAdapter, StoreSize } from './port.js'
import { checkKind } from './read/filter.js'
import { checkSightings } from './read/groups.js'
import { StoreReads } from './read/reads.js'
import type { RedactedLog } from './redacted-log.js'
import { olderThanDays, Retention } from './retention.js'
import type { Store } from './store.js'
import { DeferredWriter } from './writer/deferred-writer.js'
import { LogPause } from './writer/loss-log.js'
import { noWriteCounts } from './writer/write-counts.js'

/** A store and what ends it. */
export interface OpenStore {
  readonly store: Store
  /** Stores what waits, keeps the rest in the outbox and lets go of everything. */
  close(): Promise<void>
}

/**
 * Opens an adapter and joins the parts of a store to it.
 *
 * @throws OptionsError, and what the adapter throws when it can't be opened; with `startup: 'wait'` not when it is unavailable
 */
export async function openStore(
  adapter: StoreAdapter,
  options: ResolvedStoreOptions,
  log: RedactedLog,
): Promise<OpenStore> {
  const counts = noWriteCounts()
  adapter.logTo?.(log)
  if (options.searchBodies) adapter.searchBodies?.()
  const path = outboxPathOf(options, adapter)
  const files = path === undefined ? undefined : new Outbox(path, options.outboxMaxBytes, log)
  const logPause = new LogPause()
  const outbox = new GuardedOutbox(files, (error) => {
    const failures = ++counts.outboxFailures
    if (logPause.isOver())
      log.error({ err: error, path, failures }, 'the outbox of the store cannot be used')
  })
  const maxBytes = options.maxBytes ?? adapter.defaultMaxBytes ?? false
  const retention = new Retention(adapter, { ...options, maxBytes }, log)
  const writer = new DeferredWriter(adapter, outbox, options, counts, log)
  const reads = new StoreReads(adapter, writer)
  await open(adapter, writer, outbox, options)
  const touching = setInterval(() => void lookAfter(outbox, writer), TOUCH_MS).unref()
  const lastWriters = new Set<() => void>()
  const forgetEnd = onProcessEnd(() => {
    writeLast(lastWriters, log)
    writer.closeNow()
  }, log)
  let isClosed = false
  // Also after the close, as long as somebody holds records back.
  const forgetIfDone = () => {
    if (isClosed && lastWriters.size === 0) forgetEnd()
  }
  retention.start()

  const store: Store = {
    durability: options.durability,
    write: (record) => writer.write(record),
    find: (kind, filter) => reads.find(kind, filter),
    get: (kind, id) => reads.get(kind, id),
    buckets: async (kind, query) => adapter.buckets(checkKind(kind), query),
    flush: () => writer.flush(),
    beforeLastFlush(callback) {
      lastWriters.add(callback)
      return () => {
        lastWriters.delete(callback)
        forgetIfDone()
      }
    },
    async countGroups(sightings, rules) {
      checkSightings(sightings, rules)
      // Not after the time that connecting takes: who reports an error waits for the answer.
      if (!writer.isAvailable)
        throw new StoreUnavailableError(adapter.engine, 'it takes no records at the moment')
      return adapter.countGroups(sightings, rules)
    },
    prune: async ({ olderThanDays: days, kind }) =>
      retention.prune({
        ...olderThanDays(days),
        ...(kind === undefined ? {} : { kind: checkKind(kind) }),
      }),
    async stats() {
      const stored = writer.isAvailable ? await sizeOf(adapter) : undefined
      return {
        ...structuredClone(counts),
        engine: adapter.engine,
        isAvailable: writer.isAvailable,
        ...(stored === undefined ? {} : { stored }),
        queue: writer.queue(),
        lagMs: writer.lagMs,
        outboxBytes: outbox.bytes,
        pruned: retention.pruned,
      }
    },
  }
  return {
    store,
    async close() {
      clearInterval(touching)
      retention.stop()
      const endMs = performance.now() + options.closeTimeoutMs
      const adapterMs = Math.min(ADAPTER_CLOSE_MS, options.closeTimeoutMs * ADAPTER_CLOSE_SHARE)
      await writer.close(options.closeTimeoutMs - adapterMs)
      isClosed = true
      forgetIfDone()
      await adapter.close(Math.max(adapterMs, endMs - performance.now()))
    },
  }
}

function writeLast(lastWriters: ReadonlySet<() => void>, log: RedactedLog): void {
  for (const write of lastWriters) {
    try {
      write()
    } catch (error) {
      log.error({ err: error }, 'what was held back could not be written at the end of the process')
    }
  }
}

/** The share of the time of the end that is left to the adapter at least. */
const ADAPTER_CLOSE_SHARE = 0.2
/** What is left to it of a long time, in milliseconds. */
const ADAPTER_CLOSE_MS = 1_000

/** Between two signs of life on the outbox's files, in milliseconds; well below ABANDONED_MS. */
const TOUCH_MS = 60_000

/** Shows that the outbox's files have an owner, and takes over those that have none any more. */
async function lookAfter(outbox: GuardedOutbox, writer: DeferredWriter): Promise<void> {
  outbox.touch()
  if (await outbox.adopt()) writer.wake()
}

async function open(
  adapter: StoreAdapter,
  writer: DeferredWriter,
  outbox: GuardedOutbox,
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

async function sizeOf(adapter: StoreAdapter): Promise<StoreSize | undefined> {
  try {
    return await adapter.size()
  } catch {
    // The counts say that the database is away; they are wanted all the more then.
    return undefined
  }
}
