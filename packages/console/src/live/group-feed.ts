import { BoundedMap } from '@fastify-scs/core/kit'
import type { FoundGroup, Store } from '@fastify-scs/store'
import type { Group } from '../api/model.js'
import { groupOf } from '../record/groups.js'
import { sparkSpan } from '../record/time-span.js'

const PAGE = 100
const OVERLAP_MS = 60_000
const DAY_MS = 86_400_000
const MAX_KNOWN = 10_000

/** Finds groups that are new or have regressed since it last looked. */
export class GroupFeed {
  /** Those that were there or were told, with the revision of those that have regressed. */
  readonly #known = new BoundedMap<string, number>(MAX_KNOWN)
  readonly #beganAt: number

  constructor(nowMs: number) {
    this.#beganAt = nowMs
  }

  /** Learns which ones have regressed before. */
  async begin(store: Store): Promise<void> {
    const { items } = await store.groups({ status: 'regressed', limit: PAGE })
    for (const { fingerprint, revision } of items) this.#known.set(fingerprint, revision)
  }

  async next(store: Store): Promise<readonly Group[]> {
    const to = Date.now()
    const { items } = await store.groups({ seenFrom: to - OVERLAP_MS, limit: PAGE })
    const fresh = items.filter((group) => this.#isNews(group))
    for (const { fingerprint, revision } of fresh) this.#known.set(fingerprint, revision)
    // Their counts are read only now: there are few that are new.
    const counts = sparkSpan({ from: to - DAY_MS, to })
    const groups: Group[] = []
    for (const { fingerprint } of fresh) {
      const found = await store.groups({ fingerprint, limit: 1, counts })
      groups.push(...found.items.map(groupOf))
    }
    return groups
  }

  #isNews({ fingerprint, revision, status, firstSeenAt }: FoundGroup): boolean {
    const known = this.#known.get(fingerprint)
    if (status === 'regressed') return known !== revision
    return known === undefined && status === 'open' && firstSeenAt >= this.#beganAt
  }
}
