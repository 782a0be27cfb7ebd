import { LISTED_KINDS, type OpenedStore } from '@fastify-scs/console/read'
import type { StoreFinding } from '@fastify-scs/store'
import { timeText } from '../output/words.js'

/** A record from so far in the future, in milliseconds, says that two clocks differ. */
const FUTURE_MS = 5_000

/** When the newest record was made: by it one sees whether a service writes here, and whether its clock is ahead. */
export async function newestFinding({ store }: OpenedStore): Promise<StoreFinding> {
  const what = 'newest record'
  const pages = await Promise.all(LISTED_KINDS.map((kind) => store.find(kind, { limit: 1 })))
  const times = pages.flatMap(({ items }) => items.map(({ createdAt }) => createdAt))
  if (times.length === 0)
    return {
      what,
      state: 'warning',
      says: 'there is none',
      fix: 'Check that the service has this URL, and registers error-reporter or integration-log.',
    }
  const newest = Math.max(...times)
  const says = `made at ${timeText(newest)}`
  const aheadMs = newest - Date.now()
  if (aheadMs <= FUTURE_MS) return { what, state: 'good', says }
  return {
    what,
    state: 'bad',
    says: `${says}, ${Math.round(aheadMs / 1_000)} seconds in the future`,
    fix: 'Set the clocks of this machine and of the service by NTP.',
  }
}
