import type { GroupSighting } from '@fastify-scs/store/adapter'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { PostgresDatabase } from './postgres-server.js'

const RULES = { growth: 2, quietMs: 60_000 }
const INSTANCES = 5
const GROUPS = 40
const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 5, 1, 12)

let server: PostgresDatabase
let stores: readonly CheckedAdapter[]

beforeAll(async () => {
  server = await PostgresDatabase.create()
  stores = Array.from(
    { length: INSTANCES },
    () => new CheckedAdapter(new PostgresStore(server.url(), { poolSize: 8 })),
  )
  for (const store of stores) await store.open()
}, 60_000)

afterAll(async () => {
  await Promise.all((stores ?? []).map((store) => store.close()))
  await server?.remove()
})

function sightings(round: number, instance: number): readonly GroupSighting[] {
  const all = Array.from({ length: GROUPS }, (_, index) => ({
    fingerprint: `group ${index}`,
    occurrences: 1,
    // Old hours too, which pruning removes at the same time.
    firstSeenAt: NOW - (round % 3) * HOUR_MS,
    lastSeenAt: NOW - (round % 3) * HOUR_MS,
    canReport: true,
    release: `1.${(round + instance + index) % 5}.0`,
    users: [`user ${round} ${instance} ${index}`, 'somebody'],
  }))
  return (round + instance) % 2 === 0 ? all : all.toReversed()
}

it('instances that count, change, note releases and prune at once never deadlock, and no occurrence or person is lost', async () => {
  const rounds = 12
  let changed = 0
  const instances = stores.map(async (store, instance) => {
    for (let round = 0; round < rounds; round++) {
      const name = `group ${(round * 7 + instance * 3) % GROUPS}`
      const [group] = (await store.groups({ fingerprint: name })).items
      const statuses = ['resolved', 'muted', 'open'] as const
      const status = statuses[(round + instance) % 3] ?? 'open'
      const change = { expected: group?.revision ?? 0, by: 'ada', at: NOW, status }
      const [, answer] = await Promise.all([
        store.countGroups(sightings(round, instance), RULES),
        store.changeGroup(name, change),
        store.noteRelease(`1.${round % 5}.0`, NOW - round),
        // Hours go, groups do not: all were seen later.
        store.prune({ olderThan: NOW - HOUR_MS / 2 }),
      ])
      if (answer.isChanged) changed++
    }
  })
  await Promise.all(instances)
  const { items } = (await stores[0]?.groups({ limit: 200 })) ?? { items: [] }
  expect(items).toHaveLength(GROUPS)
  for (const { occurrences, users } of items) {
    expect(occurrences).toBe(rounds * INSTANCES)
    expect(users).toBe(rounds * INSTANCES + 1)
  }
  const revisions = items.reduce((sum, { revision }) => sum + revision, 0)
  expect(changed).toBeGreaterThan(0)
  // A group that regresses, or whose mute ends, has another revision too.
  expect(revisions).toBeGreaterThanOrEqual(changed)
})

it('of many who change a group from one revision, one does', async () => {
  const [first] = stores
  await first?.countGroups([{ ...sightings(0, 0)[0], fingerprint: 'one' } as GroupSighting], RULES)
  const change = { expected: 0, at: NOW, status: 'muted' } as const
  const answers = await Promise.all(
    stores.flatMap((store, index) =>
      Array.from({ length: 6 }, (_, each) =>
        store.changeGroup('one', { ...change, by: `${index} ${each}` }),
      ),
    ),
  )
  const won = answers.filter(({ isChanged }) => isChanged)
  expect(won).toHaveLength(1)
  const [{ group } = { group: undefined }] = won
  for (const answer of answers) expect(answer.group).toEqual(group)
})

it('people beyond the limit are not counted, also when they come at once and one by one', async () => {
  const [one, other] = stores
  const seen = { fingerprint: 'crowd', occurrences: 1, firstSeenAt: NOW, lastSeenAt: NOW }
  const crowd = (from: number, count: number): GroupSighting => ({
    ...seen,
    canReport: true,
    users: Array.from({ length: count }, (_, index) => `user ${from + index}`),
  })
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      (index % 2 === 0 ? one : other)?.countGroups([crowd(index * 85, 100), crowd(0, 90)], RULES),
    ),
  )
  const [group] = (await one?.groups({ fingerprint: 'crowd' }))?.items ?? []
  expect(group?.users).toBe(1_000)
  expect(
    await server.admin(
      `SELECT count(*)::int AS rows FROM scs.group_users WHERE fingerprint = 'crowd'`,
    ),
  ).toEqual([{ rows: 1_000 }])
})
