import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import storePlugin, { type Store, type StoreOptions, type StoreRecord } from '@fastify-scs/store'
import Fastify from 'fastify'
import type { Sample } from '../measure/participant.js'

/** Starts a host with the store plugin, as an application does, and returns its store; it ends with the process. */
export async function startedStore(options: StoreOptions): Promise<Store> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  await app.register(storePlugin, options)
  await app.ready()
  return app.scsStore
}

/** Makes a folder that goes when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Records between two calls of flush. */
const WINDOW_RECORDS = 250
/** Windows that are under way at once: enough that batches always wait, far too few for the queue to shed. */
const OPEN_WINDOWS = 8

/**
 * Writes all records as fast as the store takes them, and waits until they are stored.
 *
 * @throws Error when the store does not take them
 */
export async function feedStore(store: Store, records: readonly StoreRecord[]): Promise<void> {
  const open: Promise<boolean>[] = []
  for (let at = 0; at < records.length; at += WINDOW_RECORDS) {
    for (const record of records.slice(at, at + WINDOW_RECORDS)) store.write(record)
    open.push(store.flush())
    if (open.length >= OPEN_WINDOWS) await stored(open.shift())
  }
  for (const window of open) await stored(window)
}

async function stored(window: Promise<boolean> | undefined): Promise<void> {
  if ((await window) === false) throw new Error('The store does not take the records')
}

/** How many rows a second some work stores. */
export async function rateOf(rows: number, work: () => Promise<unknown>): Promise<Sample> {
  const startMs = performance.now()
  await work()
  const seconds = (performance.now() - startMs) / 1_000
  return { rows, rowsPerSecond: rows / seconds }
}
