import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import scsPlugin, { type AuditEvent } from '@fastify-scs/core'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../src/contract/index.js'
import store from '../src/index.js'
import { buildStore, filesIn, newFolder } from './build-store.js'
import { GatedStore } from './gated-store.js'

/** An app with a store in memory, and the audit events that it has written. */
async function buildAudited() {
  const events: AuditEvent[] = []
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'test', audit: false })
  await app.register(store, { url: 'memory:' })
  app.scs.audit.subscribe((event) => void events.push(event))
  return { app, events, store: app.scsStore }
}

describe('forgetting a user', () => {
  it('removes records that still wait in memory', async () => {
    const { store } = await buildAudited()
    for (const record of samples(10, () => ({ keys: { user: 'ada' } }))) store.write(record)
    const { removed } = await store.forgetUser('ada')
    expect(removed.integration_requests).toBe(10)
    expect((await store.find('integration_requests')).items).toEqual([])
  })

  it('removes records that wait in the outbox, from its files too', async () => {
    const adapter = new GatedStore()
    const outboxPath = newFolder()
    const options = { adapter, outboxPath, durability: 'process' } as const
    const { app } = await buildStore(options)
    adapter.isAvailable = false
    const user = 'somebody@example.com'
    app.scsStore.write(sample({ keys: { user } }))
    await expect(app.scsStore.flush()).resolves.toBe(false)
    expect(filesIn(outboxPath)).toHaveLength(1)
    await expect(app.scsStore.forgetUser(user)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_UNAVAILABLE',
    })
    adapter.isAvailable = true
    // The database is tried again at its own time.
    const removedNow = () => app.scsStore.forgetUser(user).then(({ removed }) => removed)
    const removed = await vi.waitFor(removedNow, { timeout: 10_000, interval: 50 })
    expect(removed.integration_requests).toBe(1)
    // What is there now is the audit event.
    const texts = filesIn(outboxPath).map((name) => readFileSync(join(outboxPath, name), 'utf8'))
    expect(texts.join()).not.toContain('somebody@example.com')
  })

  it('is an audit event that does not name the user, although the user asked for it', async () => {
    const { store, events } = await buildAudited()
    store.write(sample({ keys: { user: 'ada@example.com' } }))
    const { pseudonym } = await store.forgetUser('ada@example.com', { by: 'ada@example.com' })
    expect(pseudonym).toMatch(/^forgotten-[\w-]{16}$/)
    expect(events).toHaveLength(1)
    const [event] = events
    expect(event?.event).toMatchObject({
      type: 'user-forgotten',
      details: { pseudonym, by: pseudonym, isComplete: true, removed: { integration_requests: 1 } },
    })
    expect(JSON.stringify(events)).not.toContain('ada')
    // The copy in the store is there as well.
    const { items } = await store.find('audit_events')
    expect(items.map(({ keys }) => keys.fingerprint)).toEqual(['user-forgotten'])
  })

  it('that fails half-way keeps what it did, says so, and goes on when it is called again', async () => {
    const adapter = new GatedStore()
    const events: AuditEvent[] = []
    const { app } = await buildStore({ adapter, outboxPath: newFolder() })
    app.scs.audit.subscribe((event) => void events.push(event))
    const records = samples(500, () => ({ kind: 'reports', keys: { user: 'ada' } }))
    for (const record of records) app.scsStore.write(record)
    let steps = 0
    const onProgress = () => {
      if (++steps === 3) throw new Error('the process is killed')
    }
    await expect(app.scsStore.forgetUser('ada', { onProgress })).rejects.toThrow('is killed')
    expect(events[0]?.event.details).toMatchObject({ isComplete: false })
    const left = (await app.scsStore.find('reports', { limit: 500 })).items.length
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(500)
    const { removed } = await app.scsStore.forgetUser('ada')
    expect(removed.reports).toBe(left)
  })

  it('says in its result what it does not reach', async () => {
    const { store } = await buildAudited()
    const { notReached } = await store.forgetUser('ada')
    expect(notReached.join(' ')).toMatch(/other processes.*Log files.*Back-ups.*reporters/)
  })

  it('refuses a wrong user or option with a coded error that names it', async () => {
    const { store } = await buildAudited()
    const wrong: [unknown, object, string][] = [
      ['', {}, 'user'],
      [42, {}, 'user'],
      [undefined, {}, 'user'],
      ['ada', { auditEvents: 'keep' }, 'auditEvents'],
      ['ada', { pseudonym: '' }, 'pseudonym'],
      ['ada', { pseudonym: 'ada' }, 'pseudonym'],
      ['ada', { by: 7 }, 'by'],
      ['ada', { onProgress: true }, 'onProgress'],
      ['ada', { auditEvent: 'remove' }, 'auditEvent'],
    ]
    for (const [user, options, name] of wrong) {
      const call = store.forgetUser(user as string, options)
      await expect(call, name).rejects.toMatchObject({ code: 'SCS_STORE_ERR_FILTER' })
      await expect(call, name).rejects.toThrow(name)
    }
  })
})
