import { expect, it } from 'vitest'
import { openCallsOf } from '../../src/blocked/open-calls.js'

const SINCE = Date.UTC(2026, 0, 1, 12)
const call = (url: string, startedMs: number, durationMs: number | null) => ({
  url,
  createdAt: new Date(SINCE + startedMs).toISOString(),
  durationMs,
})

it('calls that had ended when the loop was last alive are left out', () => {
  const ended = call('/ended', -500, 400)
  const open = call('/open', -500, 800)
  const running = call('/running', -500, null)
  expect(openCallsOf({ outbound_calls: [ended, open, running] }, SINCE)).toEqual([open, running])
})

it('queries that were open are named with their statement', () => {
  const run = { waitMs: null, rows: null, errorCode: null }
  const queries = {
    count: 2,
    leftOut: 0,
    durationMs: 5,
    statements: [
      { system: 'sqlite', text: 'SELECT ?', times: 2, durationMs: 5, isRepeated: false },
    ],
    list: [
      { statement: 0, at: SINCE - 10, durationMs: 5, ...run },
      { statement: 0, at: SINCE - 2, durationMs: null, ...run },
    ],
  }
  expect(openCallsOf({ queries }, SINCE)).toEqual([
    { system: 'sqlite', query: 'SELECT ?', statement: 0, at: SINCE - 2, durationMs: null, ...run },
  ])
})

it('what is not of the shape that it should have is left out', () => {
  for (const odd of [null, 'x', 7, {}, [1, null], { list: [1], statements: 5 }])
    expect(openCallsOf({ outbound_calls: odd, queries: odd }, SINCE)).toEqual([])
})
