import type { Store } from '@fastify-scs/store'
import { decideHour, groupHour } from './group-hours.js'
import { orderOf42 } from './order-42.js'
import { routeMinutes } from './route-minutes.js'
import { SeededRandom } from './seeded-random.js'
import { HOUR_MS, MINUTE_MS, RELEASES, SEED_DAYS, trafficAt } from './setting.js'
import { ordinaryStory } from './stories.js'

const SEED = 13
/** Requests of a busy hour that leave records behind. */
const STORIES_PER_HOUR = 16
/** The last minutes are left to the run's own requests. */
const QUIET_MS = 10 * MINUTE_MS
/** Hours whose records are written before the store is waited for: its queue is bounded. */
const HOURS_AT_ONCE = 8

/**
 * Fills an empty store with a week of made-up traffic that ended some minutes ago; leaves a store alone that holds anything. The same
 * in each run, but for the times.
 *
 * @returns how many records it has written
 */
export async function seedStore(store: Store, now: number = Date.now()): Promise<number> {
  const { stored } = await store.stats()
  if (Object.values(stored?.records ?? {}).some((count) => count > 0)) return 0
  const random = new SeededRandom(SEED)
  const end = now - QUIET_MS
  const beginning = Math.floor(now / HOUR_MS - 24 * SEED_DAYS) * HOUR_MS
  let written = 0
  for (let from = beginning; from < end; from += HOUR_MS) {
    const to = Math.min(from + HOUR_MS, end)
    await noteReleases(store, from, to, now)
    for (const record of [
      ...(await groupHour(store, random, from, to, now)),
      ...ordinaryHour(random, from, to, now),
      ...routeMinutes(random, from, to, now),
    ]) {
      store.write(record)
      written++
    }
    await decideHour(store, from, to, now)
    if (((from - beginning) / HOUR_MS) % HOURS_AT_ONCE === 0) await store.flush()
  }
  for (const record of orderOf42(random, now)) {
    store.write(record)
    written++
  }
  await store.flush()
  return written
}

function* ordinaryHour(random: SeededRandom, from: number, to: number, now: number) {
  const stories = random.around((STORIES_PER_HOUR * trafficAt(from) * (to - from)) / HOUR_MS)
  for (let story = 0; story < stories; story++) {
    yield* ordinaryStory(random, random.whole(from, to - 1), now)
  }
}

/** Notes the releases that ran in an hour: each at its beginning, and at its end. */
async function noteReleases(store: Store, from: number, to: number, now: number): Promise<void> {
  for (const [index, { release, hoursAgo }] of RELEASES.entries()) {
    const began = Math.max(from, now - hoursAgo * HOUR_MS)
    const endedHoursAgo = RELEASES[index + 1]?.hoursAgo ?? 0
    const ended = Math.min(to, now - endedHoursAgo * HOUR_MS)
    if (began < ended) await store.noteRelease(release, began)
  }
}
