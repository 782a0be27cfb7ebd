import { once } from 'node:events'
import http from 'node:http'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { describe, expect, it } from 'vitest'
import { traitsOf } from '../src/groups/error-traits.js'
import { fingerprintOf } from '../src/groups/fingerprint.js'
import { buildApp, onlyReport } from './build-app.js'
import { closedPort, dial, lookup } from './network.js'

const service = (): Promise<number> => closedPort(20_000, 30_000)
const dynamic = (): Promise<number> => closedPort(50_000, 60_000)

/** What a call throws, and the only report of it. */
async function reportOf(call: () => Promise<unknown>): Promise<CrashReport> {
  const test = await buildApp()
  test.app.get('/', call)
  await test.app.inject('/')
  return onlyReport(test)
}

describe('a report of an outage shows host and port', () => {
  it('where each address of a host refuses: in the title, in the error, and all of its errors', async () => {
    const port = await service()
    const report = await reportOf(() => dial('db.internal', port))
    const refusals = [
      `connect ECONNREFUSED 127.0.0.2:${port}`,
      `connect ECONNREFUSED 127.0.0.1:${port}`,
    ]
    expect(report.title).toBe(
      `FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: ${refusals.join(' | ')}`,
    )
    expect(report.error_caught).toMatchObject({
      name: 'AggregateError',
      code: 'ECONNREFUSED',
      message: refusals.join(' | '),
      errors: refusals.map((message) => ({ name: 'Error', code: 'ECONNREFUSED', message })),
    })
  })

  it('by node:http', async () => {
    const port = await service()
    const request = () => http.get({ host: 'db.internal', port, lookup })
    const report = await reportOf(() => once(request(), 'response'))
    expect(report.title).toContain(`127.0.0.2:${port} | connect ECONNREFUSED 127.0.0.1:${port}`)
  })

  it('by fetch, where it is a cause of a cause', async () => {
    const port = await service()
    const call = async (): Promise<never> => {
      try {
        await fetch(`http://localhost:${port}/`)
      } catch (cause) {
        throw new Error('no orders today', { cause })
      }
      throw new Error('it answers')
    }
    const report = await reportOf(call)
    expect(report.title).toMatch(
      new RegExp(`GET /: no orders today: connect ECONNREFUSED .*:${port}`),
    )
    expect(report.causes[0]).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
    expect(JSON.stringify(report.causes[1])).toContain(`ECONNREFUSED 127.0.0.1:${port}`)
  })

  it('where all of Promise.any fail, each with its causes', async () => {
    const ports = [await service(), await service()]
    const report = await reportOf(() =>
      Promise.any(ports.map((port) => fetch(`http://127.0.0.1:${port}/`))),
    )
    expect(report.title).toContain('All promises were rejected: fetch failed')
    const text = JSON.stringify(report.error_caught)
    for (const port of ports) expect(text).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`)
  })
})

it('a report of an error that is made of a hundred is bounded and redacted, and says how many it leaves out', async () => {
  const wide = (depth: number): Error =>
    depth === 0
      ? new Error(`password=hunter2 ${'x'.repeat(10_000)}`)
      : new AggregateError(
          Array.from({ length: 10 * depth }, () => wide(depth - 1)),
          '',
          { cause: new Error('y'.repeat(10_000)) },
        )
  const report = await reportOf(async () => {
    throw wide(2)
  })
  const text = JSON.stringify(report)
  expect(text.length).toBeLessThan(200_000)
  expect(text).not.toContain('hunter2')
  expect(report.error_caught).toHaveProperty('errors_left_out')
})

describe('outages and groups', () => {
  async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
    return call().then(
      () => undefined,
      (error: unknown) => error,
    )
  }
  const groupOf = (thrown: unknown): string =>
    fingerprintOf('fatal', traitsOf(thrown), 'Error\n    at f (/app/a.js:1:1)', '/app')
  const wrapped = (cause: unknown): Error => new Error('no orders today', { cause })

  it('a second outage behind one route is reported, however often the first one was', async () => {
    const ports = [await service(), await service()]
    const test = await buildApp()
    let down = 0
    test.app.get('/', () => dial('db.internal', ports[down] ?? 0))
    for (let count = 0; count < 3; count++) await test.app.inject('/')
    down = 1
    await test.app.inject('/')
    const titles = (await test.reported()).map(({ title }) => title)
    expect(titles).toHaveLength(3)
    expect(titles[2]).toContain(`:${ports[1]}`)
  })

  it.each([
    ['thrown', (error: unknown) => error],
    ['a cause', wrapped],
    [
      'a cause of a cause',
      (error: unknown) => wrapped(new TypeError('fetch failed', { cause: error })),
    ],
    ['one of several errors', (error: unknown) => new AggregateError([new Error('a'), error])],
  ])(
    'two services are two groups, one service is one group, where the refusal is %s',
    async (_where, wrap) => {
      const [one, other] = [await service(), await service()]
      const thrown = [one, other, one].map((port) => thrownBy(() => dial('db.internal', port)))
      const groups = (await Promise.all(thrown)).map((error) => groupOf(wrap(error)))
      expect(groups[0]).toBe(groups[2])
      expect(groups[0]).not.toBe(groups[1])
    },
  )

  it('two hosts are two groups, by name and by address', () => {
    const unknownHost = (hostname: string): Error =>
      Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname,
      })
    const refused = (address: string): Error =>
      Object.assign(new Error(`connect ECONNREFUSED ${address}:80`), {
        code: 'ECONNREFUSED',
        address,
        port: 80,
      })
    const errors = [
      unknownHost('db1.internal'),
      unknownHost('db2.internal'),
      refused('10.0.0.1'),
      refused('10.0.0.2'),
    ]
    expect(new Set(errors.map(groupOf)).size).toBe(4)
    expect(new Set(errors.map((error) => groupOf(wrapped(error)))).size).toBe(4)
  })

  it('ports that the system gives out, and the order of the addresses, make no groups', async () => {
    const thrown = [await dynamic(), await dynamic()].map((port) => thrownBy(() => dial('x', port)))
    const errors = (await Promise.all(thrown)) as AggregateError[]
    const turned = new AggregateError([...(errors[0]?.errors ?? [])].reverse(), '')
    Object.assign(turned, { code: 'ECONNREFUSED' })
    expect(new Set([...errors, turned].map(groupOf)).size).toBe(1)
  })

  it('messages of causes that differ by the request make no groups', () => {
    const errors = ['bob', 'eve'].map((name) => wrapped(new Error(`no user ${name}`)))
    const files = ['bob', 'eve'].map((name) => {
      const path = `/tmp/${name}.png`
      return wrapped(
        Object.assign(new Error(`ENOENT: open '${path}'`), {
          code: 'ENOENT',
          syscall: 'open',
          path,
        }),
      )
    })
    const twice = ['bob', 'eve'].map((name) =>
      wrapped(Object.assign(new Error(`Duplicate entry '${name}'`), { code: 'ER_DUP_ENTRY' })),
    )
    for (const [one, other] of [errors, files, twice]) expect(groupOf(one)).toBe(groupOf(other))
  })
})
