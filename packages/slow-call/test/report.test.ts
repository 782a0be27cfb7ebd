import { expect, it } from 'vitest'
import { outboundFigures } from '../src/report.js'
import { buildApp, listen, sleep } from './build-app.js'

it('the time of parallel calls is not counted twice', () => {
  const calls = [
    { createdAt: '2026-11-21T10:00:00.000Z', durationMs: 100 },
    { createdAt: '2026-11-21T10:00:00.050Z', durationMs: 100 },
    { createdAt: '2026-11-21T10:00:00.060Z', durationMs: 10 },
    { createdAt: '2026-11-21T10:00:01.000Z', durationMs: 50 },
  ]
  expect(outboundFigures(calls, 400)).toEqual({ calls, totalMs: 200, share: 0.5 })
})

it('without start times durations are added, and the share is never above 1', () => {
  expect(outboundFigures([{ durationMs: 300 }, { durationMs: 300 }], 400)).toMatchObject({
    totalMs: 600,
    share: 1,
  })
})

it('a fact that is not a list, or has no durations, is ignored', () => {
  expect(outboundFigures(undefined, 1)).toBeNull()
  expect(outboundFigures('x', 1)).toBeNull()
  expect(outboundFigures([null, 5, { durationMs: 'x' }], 1)).toMatchObject({ totalMs: 0, share: 0 })
  expect(outboundFigures([], 0)).toEqual({ calls: [], totalMs: 0, share: 0 })
})

it('a report has the outbound calls that a plugin knows of, and their share', async () => {
  const { app, report } = await buildApp({ maxMs: 1 })
  const calls = [{ url: 'https://api.stripe.com/v1/charges', durationMs: 40 }]
  app.scs.requestFacts.add('outbound_calls', () => calls)
  app.get('/', () => sleep(50).then(() => 'ok'))
  await fetch(await listen(app))
  const { outbound, durationMs } = await report()
  expect(outbound).toEqual({ calls, totalMs: 40, share: 40 / durationMs })
})
