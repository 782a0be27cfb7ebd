import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import type { FoundRecord } from '@fastify-scs/core/kit'
import errorReporter from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Timeline } from '../../src/api/model.js'
import consolePlugin from '../../src/plugin.js'
import { chosenOf, requestsOf } from '../../src/timeline/requests.js'

const AT = Date.parse('2026-11-26T10:00:00.000Z')

function audit(ms: number, keys: FoundRecord['keys'] = {}): FoundRecord {
  return {
    ...{ id: `audit-${ms}`, kind: 'audit_events', createdAt: AT + ms, revision: 0 },
    keys: { requestId: 'req-1', ...keys },
    data: {},
  }
}

function report(arrivedMs: number, endMs: number, server: object = {}): FoundRecord {
  return {
    ...{ id: `report-${arrivedMs}`, kind: 'reports', createdAt: AT + endMs, revision: 0 },
    keys: { requestId: 'req-1', status: 'fatal' },
    data: {
      time: { start: new Date(AT + arrivedMs).toISOString() },
      server,
    } as FoundRecord['data'],
  }
}

const idsOf = (records: readonly FoundRecord[]) =>
  requestsOf(records).map((request) => request.records.map(({ id }) => id).sort())

describe('requests with the same id', () => {
  it('are told apart by when they came', () => {
    const records = [report(0, 500), audit(100), report(2_000, 2_500), audit(2_100)]
    expect(idsOf(records)).toEqual([
      ['audit-100', 'report-0'],
      ['audit-2100', 'report-2000'],
    ])
    expect(requestsOf(records).map(({ isUncertain }) => isUncertain)).toEqual([false, false])
  })

  it('are told apart by process and by trace', () => {
    const one = { fqdn: 'a', pid: 1 }
    expect(idsOf([report(0, 500, one), report(10, 510, { fqdn: 'b', pid: 1 })])).toHaveLength(2)
    expect(idsOf([audit(0, { traceId: 'a' }), audit(1, { traceId: 'b' })])).toHaveLength(2)
  })

  it('are uncertain where nothing but the time holds them together, or where two fit', () => {
    expect(requestsOf([audit(0), audit(5)])[0]?.isUncertain).toBe(true)
    expect(requestsOf([audit(0)])[0]?.isUncertain).toBe(false)
    const own = { requestId: '4f7e9e4e' }
    expect(requestsOf([audit(0, own), audit(5, own)])[0]?.isUncertain).toBe(false)
    const both = [report(0, 500, { fqdn: 'a', pid: 1 }), report(10, 510, { fqdn: 'b', pid: 1 })]
    const requests = requestsOf([...both, audit(100)])
    expect(requests.map(({ isUncertain }) => isUncertain)).toEqual([true, true])
  })

  it('are chosen by the time that is asked for, else the newest', () => {
    const requests = requestsOf([report(0, 500), report(60_000, 60_500)])
    expect(chosenOf(requests, undefined)?.traits.from).toBe(AT + 60_000)
    expect(chosenOf(requests, AT + 700)?.traits.from).toBe(AT)
    expect(chosenOf([], 5)).toBeUndefined()
  })
})

async function run(url: string): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url })
  await app.register(errorReporter, { apiName: 'orders', errorReporter: () => {} })
  await app.register(consolePlugin, { authorize: () => true })
  app.scs.registerAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'paid' })
  app.get('/orders/:id', (request) => {
    request.addAuditEvent('paid', {})
    throw new Error('it broke')
  })
  return app
}

it('two runs of an application with one store do not share a time line', async () => {
  const file = join(tmpdir(), `scs-two-runs-${process.pid}.db`)
  const url = `sqlite:${file}`
  onTestFinished(async () => {
    for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true })
  })
  const first = await run(url)
  await first.inject('/orders/1')
  await first.errorReporter.flush()
  await first.close()
  // Two requests of one process have two ids; those of two processes are further apart than their clocks are.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const second = await run(url)
  onTestFinished(() => second.close())
  await second.inject('/orders/2')
  await second.errorReporter.flush()
  const ask = async (path: string): Promise<Timeline> =>
    (await second.inject(`/_scs/api/requests/${path}`)).json()
  const newest = await ask('req-1')
  expect(newest.entries.filter(({ what }) => what === 'arrival')).toMatchObject([
    { title: 'GET /orders/2' },
  ])
  expect(newest.records).toHaveLength(2)
  expect(newest.others).toMatchObject([{ records: 2 }])
  const other = await ask(`req-1?at=${newest.others[0]?.at}`)
  expect(other.entries.filter(({ what }) => what === 'arrival')).toMatchObject([
    { title: 'GET /orders/1' },
  ])
  expect(other.others).toMatchObject([{ at: newest.at }])
})
