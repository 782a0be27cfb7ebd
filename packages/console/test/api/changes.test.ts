import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppSetup, buildApp } from '../build-app.js'

let app: FastifyInstance
let events: { readonly type: string; readonly details: Readonly<Record<string, unknown>> }[]

async function build(
  console: AppSetup['console'] = { authorizeChange: () => true },
  before: AppSetup['before'] = () => {},
) {
  app = await buildApp({
    before,
    core: { user: () => 'ann' },
    console,
    after: (app) => {
      app.get('/fail', async () => {
        throw new Error('it fails')
      })
    },
  })
  events = []
  app.scs.audit.subscribe(({ event }) => void events.push(event))
  await app.inject('/fail')
  await app.errorReporter.flush()
  await expect.poll(async () => (await app.scsStore.groups()).items.length).toBe(1)
}

beforeEach(() => build())
afterEach(() => app.close())

async function groupPath(): Promise<string> {
  const { items } = await app.scsStore.groups()
  return `/_scs/api/groups/${encodeURIComponent(items[0]?.fingerprint ?? '')}`
}

/** What the page sends with a change. */
async function pageHeaders(): Promise<Record<string, string>> {
  const answer = await app.inject('/_scs/api/session')
  const [cookie] = answer.cookies
  return {
    host: 'service.test',
    origin: 'http://service.test',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
    'x-scs-token': String(answer.json().token),
    cookie: `${cookie?.name}=${cookie?.value}`,
  }
}

async function change(body: object, headers?: Record<string, string>) {
  const request: InjectOptions = {
    method: 'POST',
    url: await groupPath(),
    headers: headers ?? (await pageHeaders()),
    payload: JSON.stringify(body),
  }
  return app.inject(request)
}

describe('a change of a group', () => {
  it('is made, answered with the group, and said in the audit log with who, before and after', async () => {
    const answer = await change({ revision: 0, status: 'muted', reason: 'known', note: 'see #1' })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json().group).toMatchObject({
      status: 'muted',
      reason: 'known',
      note: 'see #1',
      revision: 1,
      changedBy: 'ann',
    })
    expect(events.at(-1)).toMatchObject({
      type: 'console-changed',
      details: {
        user: 'ann',
        fingerprint: answer.json().group.fingerprint,
        before: { status: 'open', reason: null },
        after: { status: 'muted', reason: 'known' },
      },
    })
  })

  it('is refused with the group as it is now when somebody else was faster', async () => {
    await change({ revision: 0, assignee: 'bob' })
    const answer = await change({ revision: 0, assignee: 'ann' })
    expect(answer.statusCode).toBe(409)
    expect(answer.json().error).toMatchObject({
      id: 'console-changed-meanwhile',
      details: { group: { assignee: 'bob', revision: 1 } },
    })
    expect(events.filter(({ type }) => type === 'console-changed')).toHaveLength(1)
  })

  it('needs authorizeChange to say yes, and nobody may where there is none', async () => {
    for (const authorizeChange of [undefined, () => false, () => Promise.reject(new Error('no'))]) {
      await app.close()
      await build(authorizeChange === undefined ? {} : { authorizeChange })
      const session = (await app.inject('/_scs/api/session')).json()
      expect(session).toMatchObject({ canChange: false, token: null })
      const token = 'a'.repeat(43)
      const answer = await change(
        { revision: 0, status: 'resolved' },
        {
          host: 'service.test',
          origin: 'http://service.test',
          'content-type': 'application/json',
          'x-scs-token': token,
          cookie: `scs-token=${token}`,
        },
      )
      expect(answer.statusCode).toBe(403)
      expect(answer.json().error.id).toBe('console-not-allowed')
      expect((await app.scsStore.groups()).items[0]?.status).toBe('open')
    }
  })

  it('is refused from another site, without an origin, without the token, and as anything but JSON', async () => {
    const good = await pageHeaders()
    const refusals: readonly (readonly [headers: Record<string, string>, id: string])[] = [
      [{ origin: 'http://evil.test' }, 'console-foreign-origin'],
      [{ origin: 'null' }, 'console-foreign-origin'],
      [{ origin: '' }, 'console-foreign-origin'],
      [{ origin: 'http://service.test.evil.test' }, 'console-foreign-origin'],
      [{ origin: 'http://service.test:81' }, 'console-foreign-origin'],
      [{ 'sec-fetch-site': 'same-site' }, 'console-foreign-origin'],
      [{ 'sec-fetch-site': 'cross-site' }, 'console-foreign-origin'],
      [{ 'x-scs-token': '' }, 'console-token'],
      [{ 'x-scs-token': 'b'.repeat(43) }, 'console-token'],
      [{ cookie: '' }, 'console-token'],
      [{ cookie: 'scs-token=', 'x-scs-token': '' }, 'console-token'],
      [{ 'content-type': 'text/plain' }, 'console-not-json'],
      [{ 'content-type': 'application/jsonx' }, 'console-not-json'],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 'console-not-json'],
    ]
    for (const [wrong, id] of refusals) {
      const answer = await change({ revision: 0, status: 'resolved' }, { ...good, ...wrong })
      expect(answer.json().error?.id, JSON.stringify(wrong)).toBe(id)
    }
    const { origin: _origin, ...without } = good
    expect((await change({ revision: 0 }, without)).json().error.id).toBe('console-foreign-origin')
    expect((await app.scsStore.groups()).items[0]).toMatchObject({ status: 'open', revision: 0 })
  })

  it('is checked: unknown fields and wrong values are 400, an unknown group is 404', async () => {
    for (const wrong of [
      {},
      { revision: -1 },
      { revision: 0, status: 'regressed' },
      { revision: 0, extra: 1 },
      { revision: 0, note: 'a'.repeat(10_001) },
      { revision: '0' },
    ])
      expect((await change(wrong)).statusCode, JSON.stringify(wrong)).toBe(400)
    const answer = await app.inject({
      method: 'POST',
      url: '/_scs/api/groups/none',
      headers: await pageHeaders(),
      payload: { revision: 0 },
    })
    expect(answer.statusCode).toBe(404)
  })

  it('has a token that any instance takes, which no script can read', async () => {
    const headers = await pageHeaders()
    const { cookies } = await app.inject('/_scs/api/session')
    expect(cookies[0]).toMatchObject({ name: 'scs-token', httpOnly: true, sameSite: 'Strict' })
    // Asked again with its cookie, a client keeps its token.
    const again = await app.inject({ url: '/_scs/api/session', headers })
    expect(again.cookies).toEqual([])
    expect(again.json().token).toBe(headers['x-scs-token'])
    await app.close()
    await build()
    expect((await change({ revision: 0, note: 'x' }, headers)).statusCode).toBe(200)
  })

  it('has a cookie over HTTPS that only this very host can have set', async () => {
    await app.close()
    app = await buildApp({
      server: { trustProxy: true },
      console: { authorizeChange: () => true },
    })
    const headers = { 'x-forwarded-proto': 'https' }
    const { cookies } = await app.inject({ url: '/_scs/api/session', headers })
    expect(cookies[0]).toMatchObject({ name: '__Host-scs-token', path: '/', secure: true })
    expect(cookies[0]).not.toHaveProperty('domain')
  })

  it('is understood where the application leaves JSON as text', async () => {
    await app.close()
    await build(undefined, (app) => {
      app.removeContentTypeParser('application/json')
      const text = { parseAs: 'string' } as const
      app.addContentTypeParser('application/json', text, (_request, body, done) => done(null, body))
    })
    const answer = await change({ revision: 0, note: 'a text' })
    expect(answer.statusCode, answer.body).toBe(200)
  })
})
