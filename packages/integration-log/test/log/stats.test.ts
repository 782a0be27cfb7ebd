import { expect, it } from 'vitest'
import { createCounts, type Losses, LossLog } from '../../src/log/stats.js'

it('losses are told once a second at most, each of them once', () => {
  const counts = createCounts()
  const told: Losses[] = []
  const teller = new LossLog(counts, (losses) => told.push(losses))
  teller.look(0)
  counts.bodiesDropped = 2
  teller.look(10)
  counts.bodiesDropped = 5
  counts.recordsDropped = 1
  teller.look(1_009)
  expect(told).toEqual([{ bodiesDropped: 2, recordsDropped: 0, openCallsDropped: 0 }])
  teller.look(1_010)
  teller.look(5_000)
  teller.end()
  expect(told.slice(1)).toEqual([{ bodiesDropped: 3, recordsDropped: 1, openCallsDropped: 0 }])
  counts.openCallsDropped = 7
  teller.end()
  expect(told.at(-1)).toEqual({ bodiesDropped: 0, recordsDropped: 0, openCallsDropped: 7 })
})
