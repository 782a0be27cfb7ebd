import type { StoreRecord } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '@fastify-scs/store/contract'
import {
  auditEvent,
  GROUPS,
  groupOf,
  integrationRequest,
  report,
  routeMinutes,
  SPAN_MS,
} from './console-records.js'

const BATCH_RECORDS = 400
const BATCHES = 16
const RULES = { growth: 2, quietMs: 3_600_000 }

/** How many records a store gets. */
export interface FillCounts {
  readonly integrationRequests: number
  readonly reports: number
  readonly auditEvents: number
}

/** Fills a store with records of 30 days, groups, and the calls of routes of a day, as a service would have written them. */
export async function fillStore(
  store: CheckedAdapter,
  counts: FillCounts,
  now: number,
): Promise<void> {
  const kinds = [
    [integrationRequest, counts.integrationRequests],
    [report, counts.reports],
    [auditEvent, counts.auditEvents],
  ] as const
  for (const [make, count] of kinds) await insertAll(store, spreadOver(make, count, now))
  await insertAll(store, routeMinutes(now))
  await countAll(store, now)
}

function* spreadOver(
  make: (index: number, createdAt: number) => StoreRecord,
  count: number,
  now: number,
): Generator<StoreRecord> {
  for (let index = 0; index < count; index++)
    yield make(index, Math.floor(now - (SPAN_MS * (count - index)) / count))
}

async function insertAll(store: CheckedAdapter, records: Iterable<StoreRecord>): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let batch: StoreRecord[] = []
  const send = async (): Promise<void> => {
    const sent = store.insert(batch).finally(() => underWay.delete(sent))
    underWay.add(sent)
    batch = []
    if (underWay.size >= Math.min(BATCHES, store.traits.maxConcurrentBatches))
      await Promise.race(underWay)
  }
  for (const record of records) {
    batch.push(record)
    if (batch.length === BATCH_RECORDS) await send()
  }
  await send()
  await Promise.all(underWay)
}

/** Groups that were seen for some hours each, by a few people, in several releases. */
async function countAll(store: CheckedAdapter, now: number): Promise<void> {
  for (let first = 0; first < GROUPS; first += BATCH_RECORDS) {
    const indexes = Array.from({ length: BATCH_RECORDS }, (_, index) => first + index)
    for (const ago of [20, 5, 0]) {
      const sightings = indexes
        .filter((index) => index < GROUPS)
        .map((index) => {
          const at = now - ago * 3_600_000 - index * 1_000
          return {
            fingerprint: `group-${index}`,
            occurrences: 1 + (index % 50),
            firstSeenAt: at,
            lastSeenAt: at,
            canReport: true,
            title: `TypeError: thing ${index} of ${groupOf(index)} is undefined`,
            kind: 'fatal' as const,
            release: `1.${ago}.0`,
            users: [`user-${index}`, `user-${index * 7 + ago}`],
          }
        })
      await store.countGroups(sightings, RULES)
    }
  }
}
