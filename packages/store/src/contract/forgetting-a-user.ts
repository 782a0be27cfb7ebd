import assert from 'node:assert/strict'
import { RECORD_KINDS, type StoreRecord } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { forgetUser, nothingForgotten, resolveForgetting } from '../forget/forget-user.js'
import type { ForgetUserOptions, ForgottenUser } from '../port.js'
import { assertGroups, change, count, groupOf } from './sighting.js'
import {
  asFound,
  findAll,
  NOON,
  type Requirement,
  sample,
  samples,
  setVersions,
} from './subject.js'

const DAY_MS = 86_400_000
/** Longer than a key may be. */
const LONG_USER = 'long '.repeat(2_000)

/** What holds for `forgetUser`. */
export const forgettingAUser: readonly Requirement[] = [
  {
    name: 'the records of a user go, of every kind but audit events, those of others stay as they are',
    async check({ store }) {
      const kinds = RECORD_KINDS.filter((kind) => kind !== 'audit_events')
      const own = kinds.flatMap((kind) =>
        [0, 1, 2].map((day) =>
          sample({ kind, createdAt: NOON - day * DAY_MS, keys: { user: 'ada', service: 'pay' } }),
        ),
      )
      const others = kinds.flatMap((kind) =>
        [undefined, 'bob', 'ADA', 'adam'].map((user) =>
          sample({ kind, keys: { service: 'pay', ...(user === undefined ? {} : { user }) } }),
        ),
      )
      await store.insert([...own, ...others])
      const { removed, anonymised } = await forget(store)
      assert.deepEqual(
        [removed, anonymised],
        [{ integration_requests: 3, reports: 3, audit_events: 0, route_stats: 3 }, 0],
      )
      for (const { kind, id } of own) assert.equal(await store.get(kind, id), undefined)
      for (const record of others)
        assert.deepEqual(await store.get(record.kind, record.id), asFound(record))
    },
  },
  {
    name: 'audit events of a user stay, with the pseudonym in their place and without the address',
    async check({ store }) {
      const [event, other] = [auditEvent('ada'), auditEvent('bob')] as const
      await store.insert([event, other])
      const { anonymised, removed } = await forget(store)
      assert.deepEqual([anonymised, removed.audit_events], [1, 0])
      const found = await store.get('audit_events', event.id)
      const { user, summary, level } = found?.keys ?? {}
      assert.deepEqual(
        [user, summary, level],
        ['somebody', 'somebody told adam: /users/somebody', 'INFO'],
      )
      assert.deepEqual(found?.data, {
        level: 'INFO',
        date: '2026-01-15T12:00:00.000Z',
        message: 'somebody told adam: /users/somebody',
        event: {
          type: 'told',
          details: { user: 'somebody', ip: null, list: ['somebody', { amount: 5 }], path: '/' },
        },
      })
      assert.deepEqual(await store.get('audit_events', other.id), asFound(other))
      assert.equal((await store.find('audit_events', { user: 'somebody' })).items.length, 1)
      assert.equal((await store.find('audit_events', { text: 'ada ' })).items.length, 0)
    },
  },
  {
    name: 'audit events of a user go where that is asked for',
    async check({ store }) {
      await store.insert([auditEvent('ada'), auditEvent('bob')])
      const { anonymised, removed } = await forget(store, { auditEvents: 'remove' })
      assert.deepEqual([anonymised, removed.audit_events], [0, 1])
      assert.equal((await findAll(store, 'audit_events')).length, 1)
    },
  },
  {
    name: 'a user is no longer among the people of groups, nor who decided about them',
    async check({ store }) {
      await count(store, { fingerprint: 'a', users: ['ada', 'bob'] })
      await count(store, { fingerprint: 'b', users: ['bob'] })
      await count(store, { fingerprint: 'c' })
      await change(store, { assignee: 'ada', note: 'known', by: 'ada' }, 'c')
      await change(store, { assignee: 'ada', by: 'bob' }, 'b')
      const before = await groupOf(store, 'c')
      assert.equal((await forget(store)).groupEntries, 3)
      const [a, b, c] = [
        await groupOf(store, 'a'),
        await groupOf(store, 'b'),
        await groupOf(store, 'c'),
      ]
      assert.deepEqual([a.users, b.users, c.users], [1, 1, 0])
      assert.deepEqual([b.assignee, b.changedBy], [null, 'bob'])
      assert.deepEqual([c.assignee, c.changedBy, c.note], [null, 'somebody', 'known'])
      assert.equal(c.revision, before.revision + 1)
      await assertGroups(store, { assignee: 'ada' }, [])
      // Counted anew, since nobody knows that it was the same person.
      await count(store, { fingerprint: 'a', users: ['ada'] })
      assert.equal((await groupOf(store, 'a')).users, 2)
    },
  },
  {
    name: 'dead letters of a user go',
    async check({ store }) {
      await store.insertDeadLetter(sample({ keys: { user: 'ada' } }), 'too long')
      await store.insertDeadLetter(sample({ keys: { user: 'bob' } }), 'too long')
      // Refused just because its user is no text.
      await store.insertDeadLetter(sample({ keys: { user: 4711 as never } }), 'no text')
      await store.insertDeadLetter(sample(), 'too long')
      assert.equal((await forget(store)).deadLetters, 1)
      assert.equal((await forget(store, {}, '4711')).deadLetters, 1)
      assert.equal((await store.size()).deadLetters, 2)
    },
  },
  {
    name: 'a user of any text is forgotten, and nobody whose text is only like it',
    async check({ store }) {
      const users = ['0', '%', '_', "o'hara", 'a\\b', '日本', 'a\ud800', 'a\0b', LONG_USER]
      for (const user of users) {
        const fingerprint = `of ${user.slice(0, 9)}`
        await store.insert([sample({ keys: { user } }), auditEvent(user)])
        await store.insertDeadLetter(sample({ keys: { user } }), 'too long')
        await count(store, { fingerprint, users: [user] })
        const before = await store.size()
        const { removed, anonymised, deadLetters, groupEntries } = await forget(store, {}, user)
        assert.deepEqual(
          [removed.integration_requests, anonymised, deadLetters, groupEntries],
          [1, 1, 1, 1],
          user.slice(0, 9),
        )
        const after = await store.size()
        assert.equal(after.records.integration_requests, before.records.integration_requests - 1)
        assert.equal((await store.find('audit_events', { user })).items.length, 0)
      }
    },
  },
  {
    name: 'more records than one step removes go, in steps, and the second time nothing is left',
    async check({ store }) {
      await store.insert(samples(650, () => ({ keys: { user: 'ada' } })))
      const events = Array.from({ length: 450 }, () => auditEvent('ada'))
      await store.insert(events)
      const steps: number[] = []
      const first = await forget(store, {
        onProgress: ({ removed }) => void steps.push(removed.integration_requests),
      })
      assert.deepEqual([first.removed.integration_requests, first.anonymised], [650, 450])
      assert.ok(steps.length >= 4, `${steps.length} steps`)
      const again = await forget(store)
      assert.deepEqual(
        [again.removed, again.anonymised, again.groupEntries, again.deadLetters],
        [nothingForgotten().removed, 0, 0, 0],
      )
    },
  },
  {
    name: 'the key of a record that went is free for another one',
    async check({ store }) {
      const key = { service: 'pay', key: 'order-1' }
      const first = sample({ keys: { ...key, user: 'ada' } })
      assert.deepEqual(await setVersions(store, [first, undefined]), [])
      await forget(store)
      const second = sample({ keys: key })
      assert.deepEqual(await setVersions(store, [second, undefined]), [])
      assert.equal((await store.find(second.kind, key)).items[0]?.id, second.id)
    },
  },
  {
    name: 'words of the bodies of a user are no longer found',
    needsBodies: true,
    async check({ store }) {
      const createdAt = Date.now()
      const data = { data: { street: 'Lovelacestreet' } }
      await store.insert([
        sample({ createdAt, data, keys: { user: 'ada' } }),
        sample({ createdAt, data, keys: { user: 'bob' } }),
      ])
      await forget(store)
      const { items } = await store.find('integration_requests', { text: 'lovelacestreet' })
      assert.deepEqual(
        items.map(({ keys }) => keys.user),
        ['bob'],
      )
    },
  },
]

/** Forgets a user, who is somebody then. */
function forget(
  store: CheckedAdapter,
  options: ForgetUserOptions = {},
  user = 'ada',
): Promise<ForgottenUser> {
  const resolved = resolveForgetting(user, { pseudonym: 'somebody', ...options })
  return forgetUser(store, resolved, nothingForgotten())
}

function auditEvent(user: string): StoreRecord {
  const message = `${user} told adam: /users/${user}`
  return sample({
    kind: 'audit_events',
    keys: { user, level: 'INFO', fingerprint: 'told', summary: message },
    data: {
      level: 'INFO',
      date: '2026-01-15T12:00:00.000Z',
      message,
      event: {
        type: 'told',
        details: { user, ip: '10.0.0.1', list: [user, { amount: 5 }], path: '/' },
      },
    },
  })
}
