import { createRecordId } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from '@fastify-scs/store'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildApp } from './build-app.js'
import { openStream } from './event-stream.js'
import { listen } from './raw-request.js'

interface Line {
  readonly level: number
  readonly msg: string
}

let app: FastifyInstance
let port: number
let lines: Line[]

beforeEach(async () => {
  lines = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  app = await buildApp({ server: { logger: { level: 'info', stream } } })
  port = await listen(app)
})

afterEach(() => app.close())

const failed = async (): Promise<number> =>
  (await app.inject('/_scs/api/store')).json().console.failed
const said = (text: string) => lines.filter(({ level, msg }) => level >= 50 && msg.includes(text))

async function write(count: number): Promise<void> {
  for (let made = 0; made < count; made++)
    app.scsStore.write({
      kind: 'reports',
      id: createRecordId(),
      createdAt: Date.now() - made,
      revision: 0,
      keys: { service: 'orders', status: 'fatal' },
      data: { title: `report ${made}` },
      importance: 'normal',
    })
  await app.scsStore.flush()
}

describe('a failure of the console', () => {
  it('of a poll of the live tail is logged once while it lasts, and each is counted', async () => {
    const find = vi.spyOn(app.scsStore, 'find')
    find.mockRejectedValue(new StoreUnavailableError('memory', 'no server'))
    const stream = await openStream(port, '/_scs/api/live')
    await expect.poll(failed, { timeout: 8_000 }).toBeGreaterThan(2)
    expect(said('live tail')).toHaveLength(1)
    find.mockRestore()
    await expect
      .poll(() => lines.filter(({ msg }) => msg.includes('live tail reads the store again')))
      .toHaveLength(1)
    stream.leave()
  })

  it('of an export that is under way is logged and counted, and breaks it off', async () => {
    await write(450)
    const find = app.scsStore.find.bind(app.scsStore)
    const spy = vi.spyOn(app.scsStore, 'find')
    spy.mockImplementation((kind, filter) => {
      if (spy.mock.calls.length <= 2) return find(kind, filter)
      return Promise.reject(new StoreUnavailableError('memory', 'no server'))
    })
    const answer = await fetch(`http://127.0.0.1:${port}/_scs/api/export/reports?format=csv`)
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
    expect(said('export')).toHaveLength(1)
    expect(await failed()).toBe(1)
  })

  it('is not that a client leaves an export', async () => {
    await write(450)
    const find = app.scsStore.find.bind(app.scsStore)
    const spy = vi.spyOn(app.scsStore, 'find')
    let goOn: (() => void) | undefined
    spy.mockImplementation(async (kind, filter) => {
      if (spy.mock.calls.length > 2)
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
      return find(kind, filter)
    })
    let isLeft = false
    app.server.on('request', (_request, response) =>
      response.once('close', () => {
        isLeft = true
      }),
    )
    const leaving = new AbortController()
    const { signal } = leaving
    const path = `http://127.0.0.1:${port}/_scs/api/export/reports?format=csv`
    const answer = await fetch(path, { signal, headers: { connection: 'close' } })
    const read = answer.text().catch(() => {})
    await expect.poll(() => goOn).toBeDefined()
    leaving.abort()
    await read
    await expect.poll(() => isLeft).toBe(true)
    goOn?.()
    expect(await failed()).toBe(0)
    expect(said('export')).toEqual([])
    const calls = spy.mock.calls.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(spy.mock.calls.length).toBe(calls)
  })

  it('to read the statistics of the store does not keep anybody out', async () => {
    vi.spyOn(app.scsStore, 'stats').mockRejectedValue(new Error('too many records to count'))
    const session = await app.inject('/_scs/api/session')
    expect(session.statusCode).toBe(200)
    expect(session.json()).toMatchObject({ isReadOnly: false })
    expect(said('statistics')).toHaveLength(1)
  })

  it('to read the statistics of the store in time does not keep anybody out', async () => {
    vi.spyOn(app.scsStore, 'stats').mockImplementation(() => new Promise(() => {}))
    const session = await app.inject('/_scs/api/session')
    expect(session.statusCode).toBe(200)
  })
})
