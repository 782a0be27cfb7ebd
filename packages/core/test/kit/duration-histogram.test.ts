import { expect, it } from 'vitest'
import { DurationHistogram } from '../../src/kit/duration-histogram.js'

it('percentiles are upper bounds that are at most an eighth too high', () => {
  const histogram = new DurationHistogram()
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms)
  const { p50Ms, p90Ms, p99Ms, minMs, maxMs, meanMs, count } = histogram.summary()
  for (const [found, exact] of [
    [p50Ms, 500],
    [p90Ms, 900],
    [p99Ms, 990],
  ] as const) {
    expect(found).toBeGreaterThanOrEqual(exact)
    expect(found).toBeLessThanOrEqual(exact * 1.125 + 0.001)
  }
  expect({ minMs, maxMs, meanMs, count }).toEqual({
    minMs: 1,
    maxMs: 1000,
    meanMs: 500.5,
    count: 1000,
  })
})

it('every value lies within the bound of its bucket and above the bucket before it', () => {
  for (let micros = 0; micros < 2 ** 31; micros = Math.ceil(micros * 1.37) + 1) {
    const histogram = new DurationHistogram()
    histogram.record(micros / 1000)
    const bound = (histogram.summary().buckets[0]?.leMs ?? 0) * 1000
    expect(bound).toBeGreaterThan(micros - 0.01)
    expect(bound).toBeLessThanOrEqual(micros * 1.125 + 1.01)
  }
})

it('buckets are cumulative', () => {
  const histogram = new DurationHistogram()
  for (const ms of [1, 1, 5, 100]) histogram.record(ms)
  expect(histogram.summary().buckets.map(({ count }) => count)).toEqual([2, 3, 4])
})

it('durations of an hour and a day, and negative ones, are counted as well', () => {
  const histogram = new DurationHistogram()
  for (const ms of [3_600_000, 86_400_000, -1]) histogram.record(ms)
  const { count, buckets, maxMs } = histogram.summary()
  expect([count, maxMs, buckets.length]).toEqual([3, 86_400_000, 2])
})

it('without a call every figure is 0', () => {
  expect(new DurationHistogram().summary()).toEqual({
    count: 0,
    minMs: 0,
    maxMs: 0,
    meanMs: 0,
    p50Ms: 0,
    p90Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
    buckets: [],
  })
})
