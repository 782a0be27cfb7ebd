import { expect, it } from 'vitest'
import { createCounts, type Losses, LossLog } from '../../src/log/stats.js'

it('losses are logged once a second at most, each of them once', () => {
  const counts = createCounts()
  const logged: Losses[] = []
  const log = new LossLog(counts, (losses) => logged.push(losses))
  log.look(0)
  counts.bodiesDropped = 2
  log.look(10)
  counts.bodiesDropped = 5
  counts.recordsDropped = 1
  log.look(1_009)
  expect(logged).toEqual([{ bodiesDropped: 2, recordsDropped: 0, openCallsDropped: 0 }])
  log.look(1_010)
  expect(logged).toHaveLength(2)
  log.look(5_000)
  log.end()
  expect(logged.slice(1)).toEqual([{ bodiesDropped: 3, recordsDropped: 1, openCallsDropped: 0 }])
  counts.openCallsDropped = 7
  log.end()
  expect(logged.at(-1)).toEqual({ bodiesDropped: 0, recordsDropped: 0, openCallsDropped: 7 })
})
