import type { GroupRules, GroupSighting, GroupState } from './group-port.js'
import { countSighting, type Group } from './group-rule.js'
import { storableText } from './storable-text.js'

const MAX_GROUPS = 10_000

/** Counts groups of like reports in memory; of too many, the one not counted for longest goes. */
export class MemoryGroups {
  /** In the order in which they were counted last. */
  readonly #groups = new Map<string, Group>()

  count(sighting: GroupSighting, rules: GroupRules): GroupState {
    const key = storableText(sighting.fingerprint)
    const { kept, told } = countSighting(this.#groups.get(key), sighting, rules)
    this.#groups.delete(key)
    this.#groups.set(key, kept)
    const [oldest] = this.#groups.keys()
    if (this.#groups.size > MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest)
    return { ...told, fingerprint: sighting.fingerprint }
  }

  /** Forgets the groups that were not seen since a time. */
  forgetBefore(time: number): void {
    for (const [key, { lastSeenAt }] of this.#groups) {
      if (lastSeenAt < time) this.#groups.delete(key)
    }
  }
}
