import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import scsPlugin from '@fastify-scs/core'
import { createRecordId, type StoreRecord } from '@fastify-scs/core/kit'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import consolePlugin from '../src/plugin.js'
import { type AppSetup, buildApp } from './build-app.js'
import { listen } from './raw-request.js'

let app: FastifyInstance

afterEach(() => app.close())

async function build(setup: AppSetup = {}) {
  app = await buildApp(setup)
}

function report(more: Partial<StoreRecord> = {}): StoreRecord {
  return {
    kind: 'reports',
    id: createRecordId(),
    createdAt: Date.now(),
    revision: 0,
    keys: { service: 'orders', status: 'fatal' },
    data: { title: 'it broke' },
    importance: 'normal',
    ...more,
  }
}

const status = async (url: string, headers: Record<string, string> = {}) =>
  (await app.inject({ url, headers })).statusCode

describe('another site', () => {
  it('cannot read the API, whatever the application says by CORS', async () => {
    await build()
    const path = '/_scs/api/session'
    const host = 'service.test'
    for (const headers of [
      { host, 'sec-fetch-site': 'cross-site' },
      { host, 'sec-fetch-site': 'same-site' },
      { host, origin: 'http://other.test' },
      { host, origin: 'null' },
    ])
      expect(await status(path, headers as Record<string, string>), JSON.stringify(headers)).toBe(
        403,
      )
    for (const headers of [
      { host },
      { host, 'sec-fetch-site': 'same-origin', origin: 'http://service.test' },
      { host, 'sec-fetch-site': 'none' },
    ])
      expect(await status(path, headers as Record<string, string>), JSON.stringify(headers)).toBe(
        200,
      )
  })

  it('cannot change anything from plain HTTP where the service has HTTPS', async () => {
    await build({ server: { trustProxy: true }, console: { authorizeChange: () => true } })
    const https = { host: 'service.test', 'x-forwarded-proto': 'https' }
    const session = await app.inject({ url: '/_scs/api/session', headers: https })
    const [cookie] = session.cookies
    const change = (origin: string) =>
      app.inject({
        method: 'POST',
        url: '/_scs/api/groups/none',
        headers: {
          ...https,
          origin,
          'x-scs-token': String(session.json().token),
          cookie: `${cookie?.name}=${cookie?.value}`,
        },
        payload: { revision: 0 },
      })
    expect((await change('http://service.test')).json().error.id).toBe('console-foreign-origin')
    expect((await change('https://service.test')).statusCode).toBe(404)
  })
})

describe('odd questions', () => {
  it('with lists that would take thousands of queries are refused', async () => {
    await build()
    const many = Array.from({ length: 2_000 }, (_, index) => index).join(',')
    for (const path of ['records/audit_events', 'export/audit_events', 'live'])
      expect(await status(`/_scs/api/${path}?level=${many}`), path).toBe(400)
    expect(await status(`/_scs/api/records/reports?status=${many}`)).toBe(400)
  })

  it('that name a level twice have each record once', async () => {
    await build()
    app.scsStore.write(report({ kind: 'audit_events', keys: { level: 'INFO' } }))
    await app.scsStore.flush()
    const answer = await app.inject('/_scs/api/records/audit_events?level=INFO,INFO')
    expect(answer.json().items).toHaveLength(1)
  })

  it('with times that are none are refused', async () => {
    await build()
    for (const time of [
      '9999999999999999',
      '-271821-04-20T00:00:00.000Z',
      '+275760-09-13T00:00:01Z',
    ])
      for (const path of ['records/reports?from=', 'requests/req-1?at=', 'groups?seenFrom='])
        expect(await status(`/_scs/api/${path}${encodeURIComponent(time)}`), time).toBe(400)
  })

  it('with keys of prototypes are as any other', async () => {
    await build()
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(await status(`/_scs/api/records/reports?${name}=1`), name).toBe(400)
    const strange = JSON.parse('{"title":"x","__proto__":{"polluted":1},"constructor":{"a":1}}')
    const keys = {
      requestId: 'one',
      status: 'constructor',
      service: '__proto__',
      user: '__proto__',
    }
    app.scsStore.write(report({ data: strange, keys }))
    app.scsStore.write(
      report({ kind: 'audit_events', data: strange, keys: { ...keys, level: '__proto__' } }),
    )
    await app.scsStore.flush()
    const { entries } = (await app.inject('/_scs/api/requests/one')).json()
    expect(entries.map(({ what }: { what: string }) => what).sort()).toEqual(['audit', 'report'])
    for (const path of [
      'series',
      'services',
      'tally/reports?by=user',
      'tally/reports?by=service',
      'export/reports?format=csv',
    ])
      expect(await status(`/_scs/api/${path}`), path).toBe(200)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('an application that closes', () => {
  it('is not held up by a client that has stopped reading its export', async () => {
    await build({ server: { forceCloseConnections: 'idle' } })
    for (let made = 0; made < 1_000; made++)
      app.scsStore.write(report({ data: { title: 'a'.repeat(20_000) } }))
    await app.scsStore.flush()
    const port = await listen(app)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET /_scs/api/export/reports HTTP/1.1\r\nHost: service.test\r\n\r\n')
    await once(socket, 'readable')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const began = performance.now()
    await Promise.race([
      app.close(),
      new Promise((_resolve, reject) => setTimeout(() => reject(new Error('held up')), 8_000)),
    ])
    expect(performance.now() - began).toBeLessThan(6_000)
    socket.destroy()
  }, 20_000)
})

describe('a page behind a URL that was rewritten', () => {
  it('has a base from which its files are found', async () => {
    await build({ server: { rewriteUrl: ({ url = '' }) => url.replace(/^\/shop/, '') } })
    for (const [path, base] of [
      ['/shop/_scs', '_scs/'],
      ['/shop/_scs/', './'],
      ['/shop/_scs/groups/one', '../'],
    ] as const) {
      const { body } = await app.inject(path)
      expect(body, path).toContain(`<base href="${base}" />`)
    }
  })
})

describe('HTTP/2', () => {
  it('has the page, the API and a live tail that drops what is not read', async () => {
    app = Fastify({ http2: true }) as unknown as FastifyInstance
    await app.register(scsPlugin, { source: 'orders', audit: false })
    await app.register(store, { url: 'memory:' })
    await app.register(consolePlugin, { authorize: () => true })
    const port = await listen(app)
    const client = connectHttp2(`http://127.0.0.1:${port}`)
    const ask = async (path: string) => {
      const stream = client.request({ ':path': path })
      const [headers] = await once(stream, 'response')
      stream.resume()
      await once(stream, 'end')
      return headers[':status']
    }
    expect(await ask('/_scs/')).toBe(200)
    expect(await ask('/_scs/api/session')).toBe(200)
    expect(await ask('/_scs/api/records/reports')).toBe(200)
    const tail = client.request({ ':path': '/_scs/api/live?kinds=reports' })
    await once(tail, 'response')
    let text = ''
    tail.setEncoding('utf8')
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    for (let round = 0; round < 6; round++) {
      for (let made = 0; made < 100; made++)
        app.scsStore.write(report({ data: { title: 'a'.repeat(20_000) } }))
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    tail.on('data', (chunk: string) => {
      text += chunk
    })
    await expect.poll(() => text.includes('event: lag'), { timeout: 10_000 }).toBe(true)
    expect(text.length).toBeLessThan(6_000_000)
    client.destroy()
  }, 30_000)
})

it.each(['pymacaron', 'problem', () => ({ oops: true })] as const)(
  'errors are in the format %s',
  async (errorFormat) => {
    await build({ core: { errorFormat } as AppSetup['core'] & object })
    const answer = await app.inject('/_scs/api/records/reports?limit=0')
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect((await app.inject('/_scs/api/groups/none')).statusCode).toBe(404)
  },
)
