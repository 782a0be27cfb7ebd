import type { Store, StoreRecord } from '@fastify-scs/store'

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
