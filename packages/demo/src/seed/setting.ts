import { createHash } from 'node:crypto'

// The shop as the week has seen it: its people, its instances, its releases and its day and night.

/** A minute, an hour and a day in milliseconds. */
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** How long the seed goes back. */
export const SEED_DAYS = 7

/** Someone who uses the service. */
export interface Person {
  readonly id: string
  readonly ip: string
  readonly agent: string
}

const AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'OrdersApp/3.18 (iPhone; iOS 18.1)',
  'OrdersApp/3.17 (Android 15)',
]
const NAMES =
  'ann bob carla deniz emeka fatima goran hana ines joao kemal lucia mateo nadia otto priya quentin rosa sofia tariq uma viktor wanda yusuf'

function person(id: string, index: number): Person {
  return {
    id,
    ip: `203.0.113.${10 + index * 7}`,
    agent: AGENTS[index % AGENTS.length] ?? '',
  }
}

/** The first two can log in to the demo. */
export const PEOPLE = NAMES.split(' ').map(person) as [Person, ...Person[]]

/** The instances of the service. */
export const INSTANCES: readonly [string, ...string[]] = ['web-1', 'web-2']

/** The releases of the week, oldest first, with when each began, in hours before now. */
export const RELEASES: readonly { readonly release: string; readonly hoursAgo: number }[] = [
  { release: '1.2.4', hoursAgo: 24 * SEED_DAYS },
  { release: '1.3.0', hoursAgo: 127 },
  { release: '1.3.1', hoursAgo: 74 },
  { release: '1.4.0', hoursAgo: 26 },
]

/** The release that ran so many hours ago. */
export function releaseAt(hoursAgo: number): string {
  return RELEASES.findLast((each) => each.hoursAgo >= hoursAgo)?.release ?? '1.2.4'
}

/** The git commit of a release. */
export function commitOf(release: string): string {
  return createHash('sha1').update(release).digest('hex')
}

/** How busy the service is at a time, from 0.1 in the night to 1 in the afternoon; less at the weekend. */
export function trafficAt(at: number): number {
  const time = new Date(at)
  const hour = time.getUTCHours() + time.getUTCMinutes() / 60
  const ofDay = 0.1 + 0.45 * (1 + Math.cos(((hour - 15) / 12) * Math.PI))
  return time.getUTCDay() % 6 === 0 ? ofDay * 0.6 : ofDay
}
