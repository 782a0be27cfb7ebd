import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { ENGINES, storesOn } from '../stores.js'
import { listen } from '../upstream/listen.js'

const SENT = '{"items": [{"sku": "sku-1", "quantity": 2}], "currency": "EUR"}'
const ANSWER = '{"status": "accepted", "lines": [1, 2, 3], "total": 19.90}'

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const statusCode = request.url === '/declined' ? 422 : 201
      response.writeHead(statusCode, { 'content-type': 'application/json' }).end(ANSWER)
    })
  })
  origin = await listen(server)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})
afterEach(() => void vi.restoreAllMocks())

describe.each(ENGINES)('bodies in which there is nothing to hide, in %s', (engine) => {
  const newStore = storesOn(engine)

  const cases = [
    ['/accepted', 'output', 'default'],
    ['/declined', 'error', 'default'],
    ['/accepted', 'output', 'process'],
  ] as const
  // Memory outlives no process, and has no outbox.
  it.each(engine === 'memory' ? cases.slice(0, 2) : cases)(
    'are not parsed between the wire and the row (%s, as %s, durability %s)',
    async (path, field, durability) => {
      const { app, records } = await buildApp({
        // None is stored before it has ended, however busy the machine is: that one would be read to be brought up to date.
        log: { queuedAfterMs: 600_000, services: { payments: { origin } } },
        store: newStore(),
        storeOptions: { durability },
      })
      await app.ready()
      const { fetch } = app.integrations.service('payments')
      // Loads what calls need.
      await (await fetch('/accepted')).text()
      const parse = vi.spyOn(JSON, 'parse')
      // So many that some of them go to the worker in a part of their own.
      const calls = Array.from({ length: 40 }, async () => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch(path, { method: 'POST', headers, body: SENT })).text()
      })
      expect(new Set(await Promise.all(calls))).toEqual(new Set([ANSWER]))
      await app.integrations.settled()
      expect(await app.scsStore.flush()).toBe(true)
      const parsed = parse.mock.calls.filter(([text]) => text === SENT || text === ANSWER)
      expect(parsed).toEqual([])
      parse.mockRestore()
      const found = await records()
      expect(found).toHaveLength(41)
      for (const record of found.slice(1)) {
        expect(record.data).toEqual(JSON.parse(SENT))
        expect(record[field]).toEqual(JSON.parse(ANSWER))
      }
      await app.close()
    },
  )
})
