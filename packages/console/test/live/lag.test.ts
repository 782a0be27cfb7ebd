import { createRecordId } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from '@fastify-scs/store'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { type EventStream, openStream } from '../event-stream.js'
import { listen } from '../raw-request.js'

let app: FastifyInstance
let stream: EventStream

beforeEach(async () => {
  app = await buildApp()
  stream = await openStream(await listen(app), '/_scs/api/live?kinds=reports')
  writeReports(1)
  await expect.poll(() => sent()).toBe(1)
})

afterEach(async () => {
  stream.leave()
  await app.close()
})

/** Reports that were made one after the other, a millisecond apart, the last one now. */
function writeReports(count: number): void {
  const nowMs = Date.now()
  for (let index = 0; index < count; index++)
    app.scsStore.write({
      kind: 'reports',
      id: createRecordId(),
      createdAt: nowMs - count + index + 1,
      revision: 0,
      keys: { service: 'orders', status: 'fatal' },
      data: { title: 'a report' },
      importance: 'normal',
    })
}

const sent = () => stream.of('record').length
const lags = () => stream.of('lag').map(({ data }) => data as Record<string, number>)

it('a client learns that the store is away, and gets what came meanwhile once it is back', async () => {
  const finding = vi
    .spyOn(app.scsStore, 'find')
    .mockRejectedValue(new StoreUnavailableError('memory', 'it is away'))
  writeReports(3)
  await expect.poll(() => lags().at(-1)?.behindMs).toBeGreaterThan(3_000)
  expect(sent()).toBe(1)
  finding.mockRestore()
  await expect.poll(() => sent()).toBe(4)
  await expect.poll(() => lags().at(-1)).toEqual({ behindMs: 0, dropped: 0 })
})

it('records that are too many for one poll are counted as dropped', async () => {
  // Behind the one that has been sent.
  await new Promise((resolve) => setTimeout(resolve, 750))
  writeReports(700)
  await expect.poll(() => lags().reduce((sum, { dropped = 0 }) => sum + dropped, 0)).toBe(200)
  await expect.poll(() => sent()).toBe(501)
})
