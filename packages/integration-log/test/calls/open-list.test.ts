import { expect, it } from 'vitest'
import { MAX_OPEN_CALLS, OpenList } from '../../src/calls/open-list.js'
import { buildLog } from '../build-app.js'

it('never holds more than its limit, and drops the oldest first', () => {
  const list = new OpenList<number>()
  const dropped = Array.from({ length: MAX_OPEN_CALLS + 3 }, (_none, at) => list.add(at))
  expect(dropped.filter(Boolean)).toHaveLength(3)
  expect(list.size).toBe(MAX_OPEN_CALLS)
  expect([...list].slice(0, 2)).toEqual([3, 4])
  list.delete(3)
  expect([list.add(-1), list.size]).toEqual([false, MAX_OPEN_CALLS])
})

it('calls that never end are bounded and counted, the loss is logged once, and a late end is still recorded', async () => {
  const { app, log, lines, records } = await buildLog()
  const start = { method: 'GET', url: 'http://upstream.example/', requestHeaders: [] }
  const first = log.calls.begin({ ...start, url: 'http://upstream.example/first' })
  for (let count = 0; count < MAX_OPEN_CALLS + 9; count++) log.calls.begin(start)
  expect(log.calls.openCalls).toBe(MAX_OPEN_CALLS)
  first?.responded(200, [])
  first?.end({})
  expect(log.calls.openCalls).toBe(MAX_OPEN_CALLS)
  const end = log.watchLong()
  end()
  const told = lines.filter(({ losses }) => losses !== undefined)
  expect(told.map(({ losses }) => losses)).toEqual([
    { bodiesDropped: 0, recordsDropped: 0, openCallsDropped: 10 },
  ])
  expect((await records()).map(({ url, status }) => [url, status])).toEqual([
    ['http://upstream.example/first', 'Completed'],
  ])
  await app.close()
})
