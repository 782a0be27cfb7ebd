import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRow } from '../../src/api/model.js'
import { buildApp } from '../build-app.js'

let app: FastifyInstance
let status = 503
const upstream = Fastify()
const bodies: unknown[] = []
const events: { readonly type: string; readonly details: object }[] = []
let mayChange = true

beforeAll(async () => {
  upstream.post('/v1/charges', (request, reply) => {
    bodies.push(request.body)
    return reply.code(status).send({ status })
  })
  app = await buildApp({
    core: { user: () => 'ann' },
    origin: await upstream.listen({ host: '127.0.0.1', port: 0 }),
    console: { authorizeChange: () => mayChange },
  })
  app.scs.audit.subscribe(({ event }) => void events.push(event))
  const response = await app.integrations.service('stripe').fetch('/v1/charges', {
    method: 'POST',
    body: JSON.stringify({ amount: 7 }),
    headers: { 'content-type': 'application/json' },
  })
  await response.text()
  await app.integrations.settled()
})

afterAll(() => Promise.all([app.close(), upstream.close()]))

async function calls(): Promise<CallRow[]> {
  return (await app.inject('/_scs/api/records/integration_requests')).json().items
}

async function retry(id: string) {
  const session = await app.inject('/_scs/api/session')
  const [cookie] = session.cookies
  return app.inject({
    method: 'POST',
    url: `/_scs/api/integration_requests/${id}/retry`,
    headers: {
      host: 'service.test',
      origin: 'http://service.test',
      'x-scs-token': String(session.json().token),
      cookie: `${cookie?.name}=${cookie?.value}`,
    },
    payload: {},
  })
}

describe('a call that is sent again from the console', () => {
  it('is the same call, with a record of its own, and is said in the audit log', async () => {
    const [failed] = await calls()
    const id = failed?.id ?? ''
    const detail = await app.inject(`/_scs/api/records/integration_requests/${id}`)
    expect(detail.json()).toMatchObject({ canRetry: true, curl: expect.stringContaining('curl') })
    status = 200
    const answer = await retry(id)
    expect(answer.statusCode, answer.body).toBe(200)
    await app.integrations.settled()
    const [newest] = await calls()
    expect(newest).toMatchObject({ id: answer.json().id, status: 'Completed', statusCode: 200 })
    expect(bodies).toEqual([{ amount: 7 }, { amount: 7 }])
    expect(events.filter(({ type }) => type === 'console-retried')).toMatchObject([
      { details: { user: 'ann', id } },
    ])
  })

  it('is refused once it has succeeded, and where it was no failure', async () => {
    const [newest, failed] = await calls()
    for (const each of [newest, failed]) {
      const answer = await retry(each?.id ?? '')
      expect(answer.statusCode).toBe(409)
      expect(answer.json().error.id).toBe('console-retry-refused')
    }
    expect(bodies).toHaveLength(2)
    expect((await retry('01a217c1-e062-739f-8ee2-efa008e395eb')).statusCode).toBe(404)
  })

  it('is refused where authorizeChange does not say yes', async () => {
    const failed = (await calls()).at(-1)
    mayChange = false
    const detail = await app.inject(`/_scs/api/records/integration_requests/${failed?.id}`)
    expect(detail.json().canRetry).toBe(false)
    expect((await retry(failed?.id ?? '')).statusCode).toBe(403)
    expect(bodies).toHaveLength(2)
    mayChange = true
  })

  it('has the list of its attempts on the page of each of them', async () => {
    const sent = async (path: string) => {
      const response = await app.integrations.service('stripe').fetch(path, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
      await response.text()
      await app.integrations.settled()
      return (await calls())[0]?.id ?? ''
    }
    const again = async (id: string): Promise<string> => {
      const answer = await retry(id)
      await app.integrations.settled()
      return answer.json().id
    }
    const attemptsOf = async (id: string) => {
      const detail = await app.inject(`/_scs/api/records/integration_requests/${id}`)
      return detail.json().attempts.map((row: CallRow) => row.id)
    }
    status = 500
    const first = await sent('/v1/charges')
    const second = await again(first)
    // One that was sent again from the first page is a repetition of the first, too.
    const third = await again(first)
    const fourth = await again(third)
    await sent('/v1/charges')
    for (const id of [first, second, third, fourth])
      expect(await attemptsOf(id)).toEqual([first, second, third, fourth])
    const alone = (await calls())[0]?.id ?? ''
    expect(await attemptsOf(alone)).toEqual([])
  })
})
