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
  /** Records made before this time, in milliseconds since 1970: the same all the time, while a service writes new ones. */
  readonly olderThan: number
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
  const to = Math.max(1, limits.olderThan)
  let records = 0
  let oldestAt: number | undefined
  for (const kind of kindsOf(limits)) {
    const bucketMs = Math.ceil(to / SPANS)
    const query = { from: 0, to, bucketMs, percentiles: false }
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
  const { olderThan, kind } = limits
  const of = kind === undefined ? {} : { kind }
  const pruneTo = (to: number) => store.prune({ olderThanDays: (Date.now() - to) / DAY_MS, ...of })
  const from = oldestAt ?? olderThan
  const stepMs = Math.max(DAY_MS, (olderThan - from) / MAX_STEPS)
  let removed = 0
  for (let to = from + stepMs; to < olderThan; to += stepMs) {
    removed += await pruneTo(to)
    onStep(removed)
  }
  // A store answers 0 at once while another process prunes it.
  for (let tries = 1; ; tries++) {
    removed += await pruneTo(olderThan)
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
