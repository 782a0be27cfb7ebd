import { createRecordId, type StoreRecord } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AppSetup, buildApp } from '../build-app.js'
import { type EventStream, openStream } from '../event-stream.js'
import { listen } from '../raw-request.js'

let app: FastifyInstance
let port: number

async function build(console: AppSetup['console'] = {}) {
  app = await buildApp({ console })
  port = await listen(app)
}

beforeEach(() => build())
afterEach(() => app.close())

function report(status: string, more: Partial<StoreRecord> = {}): StoreRecord {
  return {
    kind: 'reports',
    id: createRecordId(),
    createdAt: Date.now(),
    revision: 0,
    keys: { service: 'orders', status, summary: `a ${status} report` },
    data: { title: `a ${status} report` },
    importance: 'normal',
    ...more,
  }
}

const titles = (stream: EventStream) =>
  stream.of('record').map(({ data }) => (data as { title: string }).title)

const isFollowed = (clients: number) =>
  expect
    .poll(async () => (await app.inject('/_scs/api/store')).json().console.liveClients)
    .toBe(clients)

describe('the live tail', () => {
  it('sends what comes and matches, as server-sent events', async () => {
    const all = await openStream(port, '/_scs/api/live')
    const fatal = await openStream(port, '/_scs/api/live?kinds=reports&status=fatal')
    expect(all.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    })
    app.scsStore.write(report('fatal'))
    app.scsStore.write(report('slow'))
    await expect.poll(() => titles(all).sort()).toEqual(['a fatal report', 'a slow report'])
    await expect.poll(() => titles(fatal)).toEqual(['a fatal report'])
    expect(fatal.of('record')[0]?.data).toMatchObject({ kind: 'reports', status: 'fatal' })
    all.leave()
    fatal.leave()
  })

  it('does not send what was there before, and sends a record again when it has changed', async () => {
    app.scsStore.write(report('fatal', { createdAt: Date.now() - 5_000 }))
    const stream = await openStream(port, '/_scs/api/live')
    const slow = report('slow')
    app.scsStore.write(slow)
    await expect.poll(() => titles(stream)).toEqual(['a slow report'])
    app.scsStore.write({ ...slow, revision: 1, data: { title: 'changed' } })
    await expect.poll(() => titles(stream)).toEqual(['a slow report', 'changed'])
    stream.leave()
  })

  it('goes on behind the last event that a client has seen', async () => {
    const stream = await openStream(port, '/_scs/api/live')
    app.scsStore.write(report('fatal'))
    await expect.poll(() => titles(stream)).toEqual(['a fatal report'])
    const id = stream.of('record')[0]?.id ?? ''
    stream.leave()
    await isFollowed(0)
    app.scsStore.write(report('slow', { createdAt: Date.now() + 1 }))
    await app.scsStore.flush()
    const again = await openStream(port, '/_scs/api/live', { 'last-event-id': id })
    await expect.poll(() => titles(again)).toEqual(['a slow report'])
    again.leave()
  })

  it('rings for groups that are new', async () => {
    const stream = await openStream(port, '/_scs/api/live')
    const rules = { growth: 2, quietMs: 60_000 }
    const sighting = (fingerprint: string, atMs = Date.now()) => ({
      ...{ fingerprint, occurrences: 1, firstSeenAt: atMs, lastSeenAt: atMs },
      canReport: true,
      title: `group ${fingerprint}`,
    })
    await expect
      .poll(async () => {
        await app.scsStore.countGroups([sighting('one', Date.now() + 1)], rules)
        return stream.of('group').map(({ data }) => (data as { title: string }).title)
      })
      .toEqual(['group one'])
    stream.leave()
  })

  it('drops what a client does not read, and says how much', async () => {
    const stream = await openStream(port, '/_scs/api/live?kinds=reports')
    stream.pause()
    // Far more than a socket and what may wait for it hold.
    const title = 'a'.repeat(20_000)
    for (let round = 0; round < 10; round++) {
      for (let made = 0; made < 100; made++)
        app.scsStore.write(report('fatal', { data: { title } }))
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const written = 1_000 * title.length
    stream.resume()
    await expect.poll(() => stream.of('lag').length).toBeGreaterThan(0)
    const [lag] = stream.of('lag')
    expect(lag?.data).toMatchObject({ dropped: expect.any(Number) })
    expect(stream.text().length).toBeLessThan(written / 2)
    stream.leave()
  })

  it('polls the store only while somebody listens, and once for all', async () => {
    const find = vi.spyOn(app.scsStore, 'find')
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(find).not.toHaveBeenCalled()
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => openStream(port, '/_scs/api/live')),
    )
    await expect.poll(() => find.mock.calls.length).toBeGreaterThan(3)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(find.mock.calls.length).toBeLessThan(5 * 3)
    for (const stream of streams) stream.leave()
    await isFollowed(0)
    const polls = find.mock.calls.length
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(find.mock.calls.length).toBeLessThanOrEqual(polls + 3)
    find.mockRestore()
  })

  it('lets in as many clients as it may', async () => {
    await app.close()
    await build({ maxLiveClients: 1 })
    const first = await openStream(port, '/_scs/api/live')
    const second = await openStream(port, '/_scs/api/live')
    expect(second.status).toBe(503)
    expect(second.headers['retry-after']).toBe('30')
    first.leave()
    await isFollowed(0)
    const third = await openStream(port, '/_scs/api/live')
    expect(third.status).toBe(200)
    third.leave()
  })

  it('ends when the application closes, which it does not hold up', async () => {
    const stream = await openStream(port, '/_scs/api/live')
    const began = performance.now()
    await app.close()
    await stream.ended
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it.each<[string, (reply: FastifyReply) => unknown]>([
    ['no longer says yes', () => false],
    ['answers by itself', (reply) => reply.code(401).send({ error: 'log in again' })],
    ['takes too long', () => new Promise(() => {})],
  ])('ends once "authorize" %s', async (_name, refuse) => {
    await app.close()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    try {
      let isWelcome = true
      await build({ authorize: (_request, reply) => isWelcome || refuse(reply) })
      const stream = await openStream(port, '/_scs/api/live')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(stream.text()).toContain(': \n\n')
      isWelcome = false
      await vi.advanceTimersByTimeAsync(75_000)
      await stream.ended
      expect(stream.text()).not.toContain('log in again')
    } finally {
      vi.useRealTimers()
    }
  })
})
