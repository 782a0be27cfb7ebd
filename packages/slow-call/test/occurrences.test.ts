import { expect, it } from 'vitest'
import { OccurrenceCounter, QUIET_MS } from '../src/occurrences.js'
import { buildApp, listen, sleep } from './build-app.js'

it('the 1st, 2nd, 4th, 8th ... occurrence is reported and says how many were suppressed', () => {
  const calls = new OccurrenceCounter()
  const reported = Array.from({ length: 9 }, () => calls.count(1)).filter(
    (each) => each !== undefined,
  )
  expect(reported).toEqual([
    { number: 1, suppressed: 0 },
    { number: 2, suppressed: 0 },
    { number: 4, suppressed: 1 },
    { number: 8, suppressed: 3 },
  ])
})

it('after a quiet hour the next occurrence is the first again', () => {
  const calls = new OccurrenceCounter()
  for (let count = 0; count < 6; count++) calls.count(1)
  expect(calls.count(QUIET_MS)).toBeUndefined()
  expect(calls.count(2 * QUIET_MS)).toEqual({ number: 1, suppressed: 3 })
})

it('the slow calls of each route are counted and suppressed separately', async () => {
  const { app, reports } = await buildApp({ maxMs: 1 })
  app.get('/a', () => sleep(20).then(() => 'ok'))
  app.get('/b', () => sleep(20).then(() => 'ok'))
  const address = await listen(app)
  for (const path of ['/a', '/a', '/a', '/a', '/a', '/b']) await fetch(address + path)
  await expect.poll(() => reports.length).toBe(4)
  expect(
    reports.map(({ route, occurrence, suppressed }) => [route, occurrence, suppressed]),
  ).toEqual([
    ['/a', 1, 0],
    ['/a', 2, 0],
    ['/a', 4, 1],
    ['/b', 1, 0],
  ])
  expect(app.slowCall.stats().routes[0]).toMatchObject({ route: '/a', slow: 5, suppressed: 2 })
})
