import { expect, it, vi } from 'vitest'
import { Exchange } from '../../src/transport/exchange.js'

function exchangeOf(requestHeaders: readonly string[]) {
  const sent = vi.fn()
  const call = { sent, responded: vi.fn(), end: vi.fn() }
  const fail = vi.fn()
  return { exchange: new Exchange(call, undefined, requestHeaders, fail), ...call, fail }
}

it('headers that undici added are recorded after those that were given', () => {
  const { exchange, sent } = exchangeOf(['host', 'a.test', 'x-a', '1'])
  exchange.madeWith(['x-a', '1', 'traceparent', '00-1'])
  expect(sent.mock.calls).toEqual([[['host', 'a.test', 'x-a', '1', 'traceparent', '00-1']]])
})

it('a request with too many headers is recorded with those that were given', () => {
  const many = Array.from({ length: 1_000 }, (_none, at) => [`x-${at}`, '1']).flat()
  const { exchange, sent } = exchangeOf(['host', 'a.test', ...many])
  exchange.madeWith([...many, 'traceparent', '00-1'])
  expect(sent).not.toHaveBeenCalled()
})

it('a call ends once, and what follows its end is ignored', () => {
  const { exchange, sent, responded, end } = exchangeOf([])
  exchange.responded(200, [])
  exchange.ended()
  exchange.ended()
  exchange.failed(new Error('late'))
  exchange.responded(500, [])
  exchange.sentWith(['x-late', '1'])
  expect([sent, responded, end].map((each) => each.mock.calls.length)).toEqual([0, 1, 1])
})
