import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Timeline } from '../../src/api/model.js'
import { buildApp } from '../build-app.js'
import { openStream } from '../event-stream.js'
import { listen } from '../raw-request.js'

let app: FastifyInstance
let port: number

beforeAll(async () => {
  app = await buildApp({
    after: (made) => {
      made.get('/block', (request) => {
        made.reportError('The event loop was blocked for 1200 millisec!', {
          kind: 'blocked',
          request,
          data: { kind: 'blocked', blockedMs: 1_200 },
        })
        return request.id
      })
    },
  })
  port = await listen(app)
})
afterAll(() => app.close())

const ask = async (path: string) => {
  const answer = await app.inject(`/_scs/api/${path}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer
}

it('a report of a blocked event loop is listed, counted, exported, on the live tail and on the time line of its request', async () => {
  const stream = await openStream(port, '/_scs/api/live?kinds=reports&status=blocked')
  const requestId = (await app.inject('/block')).body
  await app.errorReporter.flush()
  await app.scsStore.flush()
  const status = { kind: 'reports', status: 'blocked' }
  expect((await ask('records/reports?status=blocked')).json().items).toMatchObject([status])
  const { items } = (await ask('groups?kind=blocked')).json()
  expect(items).toMatchObject([{ kind: 'blocked' }])
  const fingerprint = encodeURIComponent(items[0].fingerprint)
  expect((await ask(`groups/${fingerprint}`)).json().group).toMatchObject({ kind: 'blocked' })
  expect((await ask('tally/reports?by=status')).json().items).toMatchObject([
    { value: 'blocked', count: 1 },
  ])
  expect((await ask('series')).json().reports).toMatchObject([{ name: 'blocked' }])
  expect((await ask('export/reports?status=blocked&format=csv')).body).toContain('"blocked"')
  const [line] = (await ask('export/reports?status=blocked&format=jsonl')).body.split('\n')
  expect(JSON.parse(line ?? '')).toMatchObject(status)
  const { entries } = (await ask(`requests/${requestId}`)).json<Timeline>()
  expect(entries.map(({ what }) => what)).toContain('blocked')
  await expect.poll(() => stream.of('record').map(({ data }) => data)).toMatchObject([status])
  stream.leave()
})
