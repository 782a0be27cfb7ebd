import { createRecordId } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Timeline } from '../../src/api/model.js'
import { buildApp } from '../build-app.js'

const NOW = Date.now()

let app: FastifyInstance

beforeAll(async () => {
  app = await buildApp()
})
afterAll(() => app.close())

function writeEvent(requestId: string, createdAt: number): void {
  app.scsStore.write({
    kind: 'audit_events',
    id: createRecordId(),
    createdAt,
    revision: 0,
    keys: { requestId, level: 'INFO', fingerprint: 'order-seen', summary: 'Order was seen' },
    data: { message: 'Order was seen' },
    importance: 'high',
  })
}

async function timeline(path: string): Promise<Timeline> {
  const answer = await app.inject(`/_scs/api/requests/${path}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

it('a time line has the newest 200 records of a kind, and says that there are more', async () => {
  for (let index = 0; index <= 200; index++) writeEvent('long', NOW + index)
  const { records, isCut } = await timeline('long')
  expect([records.length, records[0]?.createdAt, isCut]).toEqual([200, NOW + 1, true])
})
