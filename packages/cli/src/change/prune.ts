import { setTimeout as sleep } from 'node:timers/promises'
import { RECORD_KINDS, type RecordKind, type Store } from '@fastify-scs/store'
import { PruneBusyError } from '../errors.js'

const DAY_MS = 86_400_000
/** Steps of a removal, at most: each is told. */
const MAX_STEPS = 100
/** Spans in which the records are counted; the store makes no more. */
const SPANS = 1_000
/** How often it is tried again while a service prunes, which takes a moment as a rule, and between two, in milliseconds. */
const BUSY_TRIES = 20
const BUSY_MS = 500

/** What is to be removed. */
export interface PruneLimits {
  readonly olderThanDays: number
  /** @default all kinds */
  readonly kind?: RecordKind
}

/** What there is to remove. */
export interface Removable {
  readonly records: number
  /** When the oldest span of time with records begins, in milliseconds since 1970. */
  readonly oldestAt: number | undefined
}

/** Counts what a removal would remove. @throws what the store throws */
export async function removable(store: Store, limits: PruneLimits): Promise<Removable> {
  const to = Math.floor(Date.now() - limits.olderThanDays * DAY_MS)
  let records = 0
  let oldestAt: number | undefined
  for (const kind of kindsOf(limits)) {
    const bucketMs = Math.ceil(Math.max(1, to) / SPANS)
    const query = { from: 0, to: Math.max(1, to), bucketMs, percentiles: false }
    for (const { at, count } of await store.buckets(kind, query)) {
      records += count
      oldestAt = Math.min(oldestAt ?? at, at)
    }
  }
  return { records, oldestAt }
}

/**
 * Removes the oldest first, step by step, so that one can see how far it is.
 *
 * @param onStep is told how many records were removed so far
 * @throws PruneBusyError where another process removes records all the time; what the store throws
 */
export async function pruneInSteps(
  store: Store,
  limits: PruneLimits,
  { oldestAt }: Removable,
  onStep: (removed: number) => void,
): Promise<number> {
  const { olderThanDays, kind } = limits
  const oldestDays = oldestAt === undefined ? olderThanDays : (Date.now() - oldestAt) / DAY_MS
  const stepDays = Math.max(1, (oldestDays - olderThanDays) / MAX_STEPS)
  const of = kind === undefined ? {} : { kind }
  let removed = 0
  for (let days = oldestDays - stepDays; days > olderThanDays; days -= stepDays) {
    removed += await store.prune({ olderThanDays: days, ...of })
    onStep(removed)
  }
  // A store answers 0 at once while another process prunes it.
  for (let tries = 1; ; tries++) {
    removed += await store.prune({ olderThanDays, ...of })
    onStep(removed)
    const { records } = await removable(store, limits)
    if (records === 0) return removed
    if (tries >= BUSY_TRIES) throw new PruneBusyError(String(records))
    await sleep(BUSY_MS)
  }
}

function kindsOf({ kind }: PruneLimits): readonly RecordKind[] {
  return kind === undefined ? RECORD_KINDS : [kind]
}
