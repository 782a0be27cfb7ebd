import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { expect, it, onTestFinished, vi } from 'vitest'
import { buildApp, createGate, listen, NEVER_MS, sleep, until } from './build-app.js'

it('a stuck call is reported once while it hangs, and again when it ends', async () => {
  const { app, report, reports } = await buildApp({ maxMs: NEVER_MS, stuckAfterMs: 150 })
  const gate = createGate()
  app.get('/hangs/:id', () => gate.opened.then(() => 'at last'))
  const answer = fetch(`${await listen(app)}/hangs/1`)
  const stuck = await report()
  expect(stuck).toMatchObject({
    kind: 'stuck',
    title: 'GET /hangs/:id has not ended after 150 millisec!',
    status: null,
    phase: 'handler',
    limitMs: 150,
  })
  expect(stuck.durationMs).toBeGreaterThanOrEqual(150)
  await new Promise((resolve) => setTimeout(resolve, 350))
  expect(reports).toHaveLength(1)
  gate.open()
  expect(await (await answer).text()).toBe('at last')
  const ended = await report(1)
  expect(ended).toMatchObject({ kind: 'stuck-ended', status: 200, isAborted: false })
  expect(ended.durationMs).toBeGreaterThanOrEqual(500)
  expect(app.slowCall.stats().routes[0]).toMatchObject({ calls: 1, stuck: 1, slow: 0 })
})

it('a call that hangs in a hook is stuck there', async () => {
  const { app, report } = await buildApp({ stuckAfterMs: 100 })
  const gate = createGate()
  app.addHook('preHandler', () => gate.opened)
  app.get('/', () => 'ok')
  const answer = fetch(await listen(app))
  expect(await report()).toMatchObject({ kind: 'stuck', phase: 'hooks', route: '/' })
  gate.open()
  await answer
})

it('a stuck call that fails in the end is reported again, with its status', async () => {
  const { app, report } = await buildApp({ stuckAfterMs: 100 })
  const gate = createGate()
  app.get('/', () => gate.opened.then(() => Promise.reject(new Error('timeout'))))
  const answer = fetch(await listen(app))
  await report()
  gate.open()
  await answer
  expect(await report(1)).toMatchObject({ kind: 'stuck-ended', status: 500 })
})

it('a call whose client disconnected is not stuck, even if the handler answers later', async () => {
  const { app, reports } = await buildApp({ maxMs: NEVER_MS, stuckAfterMs: 400 })
  const gate = createGate()
  app.get('/', () => gate.opened.then(() => 'nobody reads this'))
  app.get('/next', () => 'ok')
  const address = await listen(app)
  const client = new AbortController()
  const answer = fetch(address, { signal: client.signal }).catch(() => undefined)
  await until(() => app.slowCall.stats().inFlight === 1)
  client.abort()
  await answer
  await until(() => app.slowCall.stats().inFlight === 0)
  await new Promise((resolve) => setTimeout(resolve, 600))
  gate.open()
  await fetch(`${address}/next`)
  expect(reports).toEqual([])
  expect(app.slowCall.stats().inFlight).toBe(0)
  expect(app.slowCall.stats().routes[0]).toMatchObject({ aborted: 1, stuck: 0, calls: 0 })
})

it('a call that was over its limit when its client disconnected is slow', async () => {
  const { app, report } = await buildApp({ maxMs: 50 })
  const gate = createGate()
  app.get('/', () => gate.opened)
  const answer = fetch(await listen(app), { signal: AbortSignal.timeout(200) })
  await expect(answer).rejects.toThrow()
  expect(await report()).toMatchObject({
    kind: 'slow',
    isAborted: true,
    status: null,
    phase: 'handler',
  })
  gate.open()
})

it('a stuck call is reported again when its client disconnects', async () => {
  const { app, report } = await buildApp({ stuckAfterMs: 100 })
  const gate = createGate()
  app.get('/', () => gate.opened)
  const client = new AbortController()
  const answer = fetch(await listen(app), { signal: client.signal }).catch(() => undefined)
  await report()
  client.abort()
  await answer
  expect(await report(1)).toMatchObject({ kind: 'stuck-ended', isAborted: true, status: null })
  gate.open()
})

it('over HTTP/2 a call whose client disconnected is not stuck either', async () => {
  const server = { http2: true } as object
  const { app, report } = await buildApp({ maxMs: 50 }, server)
  const gate = createGate()
  app.get('/', () => gate.opened)
  app.get('/fine', { slowCall: NEVER_MS }, () => 'ok')
  const session = connectHttp2(await listen(app))
  const stream = session.request({ ':path': '/' })
  stream.on('error', () => {})
  await new Promise((resolve) => setTimeout(resolve, 150))
  stream.close(8)
  expect(await report()).toMatchObject({ isAborted: true, status: null })
  const fine = session.request({ ':path': '/fine' })
  await new Promise((resolve) => fine.on('end', resolve).resume())
  expect(app.slowCall.stats().inFlight).toBe(0)
  gate.open()
  session.close()
})

it('over HTTP/2 a client that disconnects during the answer is in the report', async () => {
  const { app, report } = await buildApp({ maxMs: 1 }, { http2: true } as object)
  app.get('/', async (_request, reply) => {
    await sleep(30)
    reply.hijack()
    reply.raw.writeHead(200)
    reply.raw.write('the beginning')
  })
  const session = connectHttp2(await listen(app))
  const stream = session.request({ ':path': '/' }).on('error', () => {})
  await once(stream, 'response')
  stream.close(8)
  expect(await report()).toMatchObject({ isAborted: true, status: 200 })
  session.close()
})

it('a route or a prefix has its own limit for stuck calls, and false switches it off', async () => {
  const { app, report, reports } = await buildApp({ maxMs: NEVER_MS })
  const gate = createGate()
  const hang = (): Promise<string> => gate.opened.then(() => 'ok')
  app.slowCall.forPrefix('/a', { stuckAfterMs: 100 })
  app.get('/a/own', { slowCall: { stuckAfterMs: false } }, hang)
  app.get('/a/x', hang)
  app.get('/off', { slowCall: false }, hang)
  const address = await listen(app)
  const answers = ['/a/own', '/off', '/a/x'].map((path) => fetch(address + path))
  expect(await report()).toMatchObject({ route: '/a/x', limitMs: 100 })
  gate.open()
  await Promise.all(answers)
  await report(1)
  expect(reports.map(({ route }) => route)).toEqual(['/a/x', '/a/x'])
})

it('calls that are still running at shutdown are named in the log', async () => {
  const { app, log } = await buildApp()
  const gate = createGate()
  app.get('/export/:id', () => gate.opened.then(() => 'ok'))
  const answer = fetch(`${await listen(app)}/export/1`)
  await until(() => app.slowCall.stats().inFlight === 1)
  const cutOff = expect(answer).rejects.toThrow()
  await app.close()
  await cutOff
  expect(log.find(({ calls }) => calls !== undefined)).toMatchObject({
    level: 40,
    msg: '1 calls are still running at shutdown',
    calls: [{ endpoint: 'GET /export/:id', requestId: expect.any(String), phase: 'handler' }],
  })
  gate.open()
})

it('a shutdown without running calls logs nothing', async () => {
  const { app, log } = await buildApp()
  app.get('/', () => 'ok')
  await fetch(await listen(app))
  await app.close()
  expect(log.filter(({ level }) => level > 30)).toEqual([])
})

it('there is one timer; it does not keep the process alive, and stops when the app is closed', async () => {
  const started = vi.spyOn(globalThis, 'setInterval')
  const stopped = vi.spyOn(globalThis, 'clearInterval')
  onTestFinished(() => void vi.restoreAllMocks())
  const { app } = await buildApp()
  await app.ready()
  expect(started).toHaveBeenCalledTimes(1)
  const timer = started.mock.results[0]?.value
  expect(timer?.hasRef()).toBe(false)
  expect(stopped).not.toHaveBeenCalled()
  await app.close()
  expect(stopped).toHaveBeenCalledWith(timer)
})
