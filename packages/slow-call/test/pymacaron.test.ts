import { expect, it } from 'vitest'
import { buildApp, listen, NEVER_MS, sleep } from './build-app.js'

it('If an endpoint call exceeds the limit, which by default is set to 1000 milliseconds, a report is sent', async () => {
  const { app, report } = await buildApp()
  app.get('/slow/:id', async () => {
    await sleep(1050)
    return 'ok'
  })
  const address = await listen(app)
  expect(app.slowCall.maxMs).toBe(1000)
  await fetch(`${address}/slow/7`)
  const { title, time, kind } = await report()
  expect(title).toBe('GET /slow/:id calltime exceeded 1000 millisec!')
  expect(kind).toBe('slow')
  expect(time.microsecs).toBeGreaterThan(1_000_000)
  const spanMs = Date.parse(time.end) - Date.parse(time.start)
  expect(Math.abs(spanMs - time.microsecs / 1000)).toBeLessThanOrEqual(2)
})

it('An error report will be sent with the error_reporter callback warning of a slow call', async () => {
  const { app, reports } = await buildApp({ maxMs: 1 })
  const sent: unknown[] = []
  app.decorate('reportError', (title: string, options: object) => void sent.push([title, options]))
  app.get('/', () => sleep(50).then(() => 'ok'))
  const address = await listen(app)
  await fetch(address)
  await expect.poll(() => sent.length).toBe(1)
  expect(sent[0]).toEqual([
    'GET / calltime exceeded 1 millisec!',
    {
      kind: 'slow',
      data: expect.objectContaining({ kind: 'slow' }),
      request: expect.anything(),
      occurrences: 1,
    },
  ])
  expect(reports).toEqual([])
})

it('You can change this default limit globally: slower calls trigger an error report', async () => {
  const { app, reports, report } = await buildApp({ maxMs: NEVER_MS })
  app.get('/', () => sleep(50).then(() => 'ok'))
  const address = await listen(app)
  await fetch(address)
  app.slowCall.maxMs = 1
  await fetch(address)
  expect((await report()).limitMs).toBe(1)
  expect(app.slowCall.stats().routes[0]).toMatchObject({ calls: 2, slow: 1 })
  expect(reports).toHaveLength(1)
})

it('Or you can do it on a per endpoint basis, around the endpoint methods', async () => {
  const { app, report, reports } = await buildApp({ maxMs: NEVER_MS })
  app.get('/login', { slowCall: 1 }, () => sleep(50).then(() => 'ok'))
  app.get('/other', () => sleep(50).then(() => 'ok'))
  const address = await listen(app)
  await fetch(`${address}/other`)
  await fetch(`${address}/login`)
  expect((await report()).title).toBe('GET /login calltime exceeded 1 millisec!')
  expect(reports).toHaveLength(1)
})

it('A fatal call is reported once, as fatal, not also as slow', async () => {
  const { app, reports } = await buildApp({ maxMs: 1 })
  app.get('/throws', () => sleep(50).then(() => Promise.reject(new Error('broke'))))
  app.get('/returns', async (_request, reply) => {
    await sleep(50)
    return reply.code(503).send('down')
  })
  app.get('/missing', async (_request, reply) => {
    await sleep(50)
    return reply.code(404).send('no')
  })
  const address = await listen(app)
  for (const path of ['/throws', '/returns', '/missing']) await fetch(address + path)
  await expect.poll(() => reports.length).toBe(1)
  expect(reports[0]).toMatchObject({ route: '/missing', status: 404 })
  expect(app.slowCall.stats().routes.map(({ route, failed }) => [route, failed])).toEqual([
    ['/throws', 1],
    ['/returns', 1],
    ['/missing', 0],
  ])
})
