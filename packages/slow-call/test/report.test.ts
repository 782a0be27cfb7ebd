import { expect, it } from 'vitest'
import { outboundFigures, queryFigures } from '../src/fact-figures.js'
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

const LINES = 'SELECT * FROM order_lines WHERE order_id = ?'

function queriesFact(durationMs: number, times = 12) {
  return {
    count: times + 1,
    leftOut: 0,
    durationMs,
    statements: [
      { system: 'sqlite', text: 'SELECT 1', times: 1, durationMs: 1, isRepeated: false },
      { system: 'sqlite', text: LINES, times, durationMs: 84.4, isRepeated: true },
    ],
    list: [],
  }
}

it('the queries of a call are told with their share, and those that were repeated', () => {
  expect(queryFigures(queriesFact(90), 120)).toEqual({
    count: 13,
    totalMs: 90,
    share: 0.75,
    repeated: [`12 times ${LINES}, 84 ms`],
  })
  expect(queryFigures(queriesFact(900), 120)).toMatchObject({ share: 1 })
})

it('without queries, or with a fact of another shape, nothing is told of them', () => {
  expect(queryFigures(undefined, 100)).toBeNull()
  expect(queryFigures({ count: 0, statements: [] }, 100)).toBeNull()
  expect(queryFigures('x', 100)).toBeNull()
  expect(queryFigures({ count: 2, statements: [null, 'x', { isRepeated: 1 }] }, 100)).toEqual({
    count: 2,
    totalMs: 0,
    share: 0,
    repeated: [],
  })
})

it('of many repeated statements the five that took longest are told, and each is bounded', () => {
  const statements = Array.from({ length: 8 }, (_, index) => ({
    text: `SELECT ${index} ${'x'.repeat(1_000)}`,
    times: 5,
    durationMs: index,
    isRepeated: true,
  }))
  const repeated = queryFigures({ count: 40, durationMs: 1, statements }, 1)?.repeated ?? []
  expect(repeated).toHaveLength(5)
  expect(repeated[0]).toMatch(/^5 times SELECT 7 x+…, 7 ms$/)
  expect(Math.max(...repeated.map(({ length }) => length))).toBeLessThan(330)
})

it('the line of the log says what the queries took', async () => {
  const { app, log } = await buildApp({ maxMs: 1, onSlowCall: undefined } as object)
  app.scs.requestFacts.add('queries', () => queriesFact(20))
  app.get('/', () => sleep(50).then(() => 'ok'))
  await fetch(await listen(app))
  await expect
    .poll(() => log.map(({ msg }) => msg).join('\n'))
    .toMatch(
      /^GET \/ calltime exceeded 1 millisec! It took \d+ ms\. 13 queries took 20 ms of it \(\d+ %\): 12 times SELECT \* FROM order_lines WHERE order_id = \?, 84 ms$/m,
    )
})
