import type { GroupSighting, GrowthRules, StoreRecord } from '@fastify-scs/core/kit'
import type { Store } from '@fastify-scs/store'
import { BLOCKED_CALLS } from './blocked-calls.js'
import { CRASHES } from './crashes.js'
import { DECISIONS } from './decisions.js'
import type { Fault } from './faults.js'
import { NON_FATAL_REPORTS } from './non-fatal-reports.js'
import { fingerprintOf, titleOf } from './report-record.js'
import { makeRequest, type RequestFacts } from './request-facts.js'
import type { SeededRandom } from './seeded-random.js'
import { HOUR_MS, trafficAt } from './setting.js'
import { SLOW_CALLS } from './slow-calls.js'
import { faultStory } from './stories.js'

/** As error-reporter thins out reports, but for the quiet time. */
const RULES: GrowthRules = { growth: 2, quietMs: 3 * HOUR_MS }

const FAULTS = [...CRASHES, ...NON_FATAL_REPORTS, ...SLOW_CALLS, ...BLOCKED_CALLS]

interface Seen {
  readonly fault: Fault
  readonly sighting: GroupSighting
  /** The request of the last occurrence. */
  readonly request: RequestFacts
}

/** The faults of one hour: counted by group, and with the records of those that are reported. */
export async function groupHour(
  store: Store,
  random: SeededRandom,
  from: number,
  to: number,
  now: number,
): Promise<readonly StoreRecord[]> {
  const seen = FAULTS.flatMap((fault) => seenOf(fault, random, from, to, now))
  if (seen.length === 0) return []
  const states = await store.countGroups(
    seen.map(({ sighting }) => sighting),
    RULES,
  )
  return seen.flatMap(({ fault, request }, index) => {
    const state = states[index]
    return state?.isDue ? faultStory(random, fault, request, state) : []
  })
}

function seenOf(
  fault: Fault,
  random: SeededRandom,
  from: number,
  to: number,
  now: number,
): readonly Seen[] {
  const busy = fault.service === undefined ? trafficAt(from) : 1
  const perHour = fault.perHour((now - from) / HOUR_MS)
  const occurrences = perHour === 0 ? 0 : random.around((perHour * busy * (to - from)) / HOUR_MS)
  if (occurrences === 0) return []
  const times = Array.from({ length: occurrences }, () => random.whole(from, to - 1)).sort(
    (one, other) => one - other,
  )
  const requests = times.map((at) => makeRequest(random, fault.routeName, at, now))
  const [first, last] = [requests[0], requests.at(-1)]
  if (first === undefined || last === undefined) return []
  const sighting: GroupSighting = {
    fingerprint: fingerprintOf(fault),
    occurrences,
    firstSeenAt: first.at,
    lastSeenAt: last.at,
    canReport: true,
    title: titleOf(fault, last),
    kind: fault.kind,
    release: last.release,
    users: [...new Set(requests.flatMap(({ person }) => person?.id ?? []))],
  }
  return [{ fault, sighting, request: last }]
}

/** Makes the decisions that fell into one hour. */
export async function decideHour(
  store: Store,
  from: number,
  to: number,
  now: number,
): Promise<void> {
  for (const { fault: name, hoursAgo, change } of DECISIONS) {
    const at = now - hoursAgo * HOUR_MS
    const fault = FAULTS.find((each) => each.name === name)
    if (at < from || at >= to || fault === undefined) continue
    const fingerprint = fingerprintOf(fault)
    const [group] = (await store.groups({ fingerprint })).items
    const { mutedForMs, ...given } = change
    await store.changeGroup(fingerprint, {
      ...given,
      at,
      expected: group?.revision ?? 0,
      ...(mutedForMs === undefined ? {} : { mutedUntil: at + mutedForMs }),
    })
  }
}
