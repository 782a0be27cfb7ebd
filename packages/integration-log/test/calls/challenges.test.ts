import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { IntegrationRecord, ServiceOptions } from '../../src/index.js'
import { buildApp, type TestApp } from '../build-app.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

async function build(service: ServiceOptions = {}): Promise<TestApp> {
  return await buildApp({
    log: { services: { payments: { origin: upstream.origin, ...service } } },
  })
}

function shown(records: readonly IntegrationRecord[]): unknown[] {
  return records.map(({ status, statusCode, output, error }) => [status, statusCode, output, error])
}

const OLD = { headers: { authorization: 'Bearer old' } }
const NEW = { headers: { authorization: 'Bearer new' } }
const REFUSED = ['Failed', 401, null, { error: 'expired' }]
const CHALLENGED = ['Completed', 401, { error: 'expired' }, null]
const ANSWERED = ['Completed', 200, { ok: true }, null]

it.each(['before it is described', 'after it was stored'])(
  'a 401 that is answered by a second try %s is no failure',
  async (when) => {
    const { app, records } = await build()
    const { fetch } = app.integrations.service('payments')
    await (await fetch('/guarded', OLD)).text()
    if (when === 'after it was stored') expect(shown(await records())).toEqual([REFUSED])
    await (await fetch('/guarded', NEW)).text()
    expect(shown(await records())).toEqual([CHALLENGED, ANSWERED])
    await app.close()
  },
)

it('a 401 that no call answers is a failure, and so is the last of several', async () => {
  const { app, records } = await build()
  const { fetch } = app.integrations.service('payments')
  await (await fetch('/guarded')).text()
  await (await fetch('/guarded', OLD)).text()
  expect(shown(await records())).toEqual([CHALLENGED, REFUSED])
  await app.close()
})

it('a call with the same credentials, another URL or another method does not answer it', async () => {
  const { app, records } = await build()
  const { fetch } = app.integrations.service('payments')
  await (await fetch('/guarded', OLD)).text()
  await (await fetch('/guarded', OLD)).text()
  await (await fetch('/guarded')).text()
  await (await fetch('/guarded?a=b', NEW)).text()
  await (await fetch('/guarded', { ...NEW, method: 'POST' })).text()
  expect(shown(await records())).toEqual([REFUSED, REFUSED, REFUSED, ANSWERED, ANSWERED])
  await app.close()
})

it('each second try answers one 401, that of its own request', async () => {
  const { app, records } = await build()
  const gate = { open: (): void => undefined }
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve
  })
  app.get('/refused', async (request) => {
    await (await request.integrations.service('payments').fetch('/guarded', OLD)).text()
    gate.open()
    return 'no'
  })
  app.get('/other', async (request) => {
    await opened
    return await (await request.integrations.service('payments').fetch('/guarded', NEW)).text()
  })
  await Promise.all([app.inject('/refused'), app.inject('/other')])
  expect(shown(await records())).toEqual([REFUSED, ANSWERED])
  await app.close()
})

it('what the application has set on its record stays', async () => {
  const { app, records } = await build()
  const { fetch } = app.integrations.service('payments')
  const refused = await fetch('/guarded', OLD)
  await refused.text()
  app.integrations.of(refused)?.fail('blocked')
  await records()
  await (await fetch('/guarded', NEW)).text()
  expect(shown(await records())[0]).toMatchObject(['Failed', 401, null, 'blocked'])
  await app.close()
})

it('a 401 that isFailure calls a failure stays a failure', async () => {
  const { app, records } = await build({ isFailure: ({ status }) => status === 401 && 'refused' })
  const { fetch } = app.integrations.service('payments')
  await (await fetch('/guarded', OLD)).text()
  await (await fetch('/guarded', NEW)).text()
  await records()
  await (await fetch('/guarded', OLD)).text()
  await records()
  await (await fetch('/guarded', NEW)).text()
  const error = { message: 'refused', body: { error: 'expired' } }
  const refused = ['Failed', 401, null, error]
  expect(shown(await records())).toEqual([refused, ANSWERED, refused, ANSWERED])
  await app.close()
})

it('the last 100 unanswered ones are remembered', async () => {
  const { app, records } = await build()
  const { fetch } = app.integrations.service('payments')
  for (let n = 0; n <= 100; n++) await (await fetch(`/guarded?n=${n}`, OLD)).text()
  for (const n of [0, 1]) await (await fetch(`/guarded?n=${n}`, NEW)).text()
  const all = await records()
  expect([all.length, shown(all.slice(0, 3))]).toEqual([103, [REFUSED, CHALLENGED, REFUSED]])
  await app.close()
})

it('a call that begins 30 s later is not a second try', async () => {
  const { app, records } = await build()
  const { fetch } = app.integrations.service('payments')
  await (await fetch('/guarded', OLD)).text()
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 30_000)
  try {
    await (await fetch('/guarded', NEW)).text()
  } finally {
    vi.restoreAllMocks()
  }
  expect(shown(await records())).toEqual([REFUSED, ANSWERED])
  await app.close()
})
