import {
  countSighting,
  GROUP_COUNT_MS,
  type GroupRules,
  type GroupSighting,
  type GroupState,
  type KeptGroup,
  MAX_GROUP_USERS,
  type Release,
  userDigest,
} from '@fastify-scs/store/adapter'
import type { Question, Statement } from '../database.js'
import { timestampOf } from '../schema/day.js'
import { KEPT_GROUP, keepGroups } from './columns.js'
import { askReleases, noteReleases } from './releases.js'

/**
 * Adds sightings to their groups, in two pieces of one transaction: the rows are locked from the first to the end, so the rule that all
 * databases share is applied in between, here. All who lock several rows take groups first, then what belongs to them, then releases,
 * each in one order.
 */
export class GroupCount {
  readonly #quotedSchema: string
  readonly #sightings: readonly GroupSighting[]
  readonly #rules: GroupRules
  readonly #groups = new Map<string, KeptGroup>()
  readonly #releases = new Map<string, Release>()
  #states: readonly GroupState[] = []

  constructor(quotedSchema: string, sightings: readonly GroupSighting[], rules: GroupRules) {
    this.#quotedSchema = quotedSchema
    this.#sightings = sightings
    this.#rules = rules
  }

  /** How each sighting's group stands, once it is counted. */
  get states(): readonly GroupState[] {
    return this.#states
  }

  /** The first piece. */
  lock(): readonly Question[] {
    const fingerprints = unique(this.#sightings.map(({ fingerprint }) => fingerprint))
    const releases = unique(this.#sightings.flatMap(({ release }) => release ?? []))
    return [
      this.#lockGroups(fingerprints),
      askReleases(this.#quotedSchema, releases, fingerprints, (release) =>
        this.#releases.set(release.release, release),
      ),
    ]
  }

  /** The second piece. */
  keep(): readonly Statement[] {
    const noted = new Map<string, Release>()
    this.#states = this.#sightings.map((sighting) => {
      const { fingerprint } = sighting
      const release = this.#note(sighting)
      if (release !== undefined) noted.set(release.release, release)
      const began = new Map([...this.#releases].map(([name, at]) => [name, at.firstSeenAt]))
      const group = this.#groups.get(fingerprint)
      const { kept, told } = countSighting(group, sighting, this.#rules, began)
      this.#groups.set(fingerprint, kept)
      return told
    })
    return [
      keepGroups(`${this.#quotedSchema}.report_groups`, [...this.#groups.values()]),
      ...countHours(this.#quotedSchema, this.#sightings),
      ...addUsers(this.#quotedSchema, this.#sightings),
      ...(noted.size === 0 ? [] : [noteReleases(this.#quotedSchema, [...noted.values()])]),
    ]
  }

  /** The release of a sighting as it is to be stored; undefined when what is known says as much. */
  #note({ release, occurrences, firstSeenAt, lastSeenAt }: GroupSighting): Release | undefined {
    if (release === undefined || occurrences === 0) return undefined
    const known = this.#releases.get(release)
    if (known !== undefined && known.firstSeenAt <= firstSeenAt && known.lastSeenAt >= lastSeenAt)
      return undefined
    const noted = {
      release,
      firstSeenAt: Math.min(known?.firstSeenAt ?? firstSeenAt, firstSeenAt),
      lastSeenAt: Math.max(known?.lastSeenAt ?? lastSeenAt, lastSeenAt),
    }
    this.#releases.set(release, noted)
    return noted
  }

  /** Locks groups, also those that do not exist yet, so that nobody else counts or changes them. */
  #lockGroups(fingerprints: readonly string[]): Question {
    return {
      // An update that changes nothing takes the lock, and sees what was committed while it waited for it.
      text: `
        INSERT INTO ${this.#quotedSchema}.report_groups AS kept
          (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
        SELECT given, 0, 'epoch', 'epoch', 0, 0, 0 FROM unnest($1::text[]) AS given
        ON CONFLICT (fingerprint) DO UPDATE SET due_at = kept.due_at
        RETURNING ${KEPT_GROUP}`,
      values: [fingerprints],
      read: (rows) => {
        for (const row of rows as KeptGroup[]) {
          // Only a group that was just made has no number at which it is due.
          if (row.dueAt !== 0) this.#groups.set(row.fingerprint, row)
        }
      },
    }
  }
}

/** In one order, or two instances would block each other. */
function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

/** Counts occurrences by the hour, of groups that are locked. */
function countHours(quotedSchema: string, sightings: readonly GroupSighting[]): Statement[] {
  const hours = new Map<string, { fingerprint: string; hour: string; count: number }>()
  for (const { fingerprint, occurrences, lastSeenAt } of sightings) {
    if (occurrences === 0) continue
    const hour = timestampOf(Math.floor(lastSeenAt / GROUP_COUNT_MS) * GROUP_COUNT_MS)
    const count = (hours.get(hour + fingerprint)?.count ?? 0) + occurrences
    hours.set(hour + fingerprint, { fingerprint, hour, count: atMost(count) })
  }
  if (hours.size === 0) return []
  const all = [...hours.values()]
  return [
    {
      text: `
        INSERT INTO ${quotedSchema}.group_hours AS kept (fingerprint, hour, occurrences)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::bigint[])
        ON CONFLICT (fingerprint, hour) DO UPDATE
        SET occurrences = least(kept.occurrences + excluded.occurrences, ${Number.MAX_SAFE_INTEGER})`,
      values: [
        all.map(({ fingerprint }) => fingerprint),
        all.map(({ hour }) => hour),
        all.map(({ count }) => count),
      ],
    },
  ]
}

/** Adds people to groups that are locked, as far as there is room. */
function addUsers(quotedSchema: string, sightings: readonly GroupSighting[]): Statement[] {
  const pairs = new Map<string, readonly [fingerprint: string, digest: string]>()
  for (const { fingerprint, users = [] } of sightings) {
    for (const user of users) {
      const digest = userDigest(user)
      pairs.set(digest + fingerprint, [fingerprint, digest])
    }
  }
  if (pairs.size === 0) return []
  const all = [...pairs.values()]
  return [
    {
      text: `
        WITH unknown AS (
          SELECT given.*, row_number() OVER (PARTITION BY fingerprint ORDER BY place) AS number
          FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (fingerprint, digest, place)
          WHERE NOT EXISTS (SELECT FROM ${quotedSchema}.group_users AS known
            WHERE known.fingerprint = given.fingerprint AND known.digest = given.digest)
        ), added AS (
          INSERT INTO ${quotedSchema}.group_users (fingerprint, digest)
          SELECT fingerprint, digest FROM unknown JOIN ${quotedSchema}.report_groups USING (fingerprint)
          WHERE users + number <= ${MAX_GROUP_USERS}
          RETURNING fingerprint
        )
        UPDATE ${quotedSchema}.report_groups AS kept SET users = users + added.count
        FROM (SELECT fingerprint, count(*)::integer FROM added GROUP BY fingerprint) AS added
        WHERE kept.fingerprint = added.fingerprint`,
      values: [all.map(([fingerprint]) => fingerprint), all.map(([, digest]) => digest)],
    },
  ]
}

/** Within the whole numbers that are stored exactly. */
function atMost(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}
