import { describe, expect, it } from 'vitest'
import { routeSpan } from '../../page/slow/route-span.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const now = Date.UTC(2026, 10, 26, 12, 34)

describe('the time that routes are shown of', () => {
  it('is the last day where nothing else is said', () => {
    const { fromMs, toMs, bucketMs } = routeSpan({}, now)
    expect(toMs - fromMs).toBe(DAY)
    expect(bucketMs).toBe(HOUR / 2)
    expect(toMs).toBeGreaterThanOrEqual(now)
    expect([fromMs % bucketMs, toMs % bucketMs]).toEqual([0, 0])
  })

  it('is that of the filter', () => {
    expect(routeSpan({ last: '1h' }, now)).toEqual({
      fromMs: now - HOUR,
      toMs: now,
      bucketMs: 60_000,
    })
    const fixed = routeSpan({ from: '2026-11-20T00:00:00Z', to: '2026-11-20T06:00:00Z' }, now)
    expect(new Date(fixed.toMs).toISOString()).toBe('2026-11-20T06:00:00.000Z')
    expect(fixed.toMs - fixed.fromMs).toBe(6 * HOUR)
  })

  it('is never longer than the API tells of, nor empty, nor to come', () => {
    const long = routeSpan({ last: '365d' }, now)
    expect(long.toMs - long.fromMs).toBeLessThanOrEqual(31 * DAY)
    const turned = routeSpan({ from: '2026-11-20', to: '2026-11-19' }, now)
    expect(turned.toMs).toBeGreaterThan(turned.fromMs)
    expect(routeSpan({ to: '2027-01-01' }, now).toMs).toBeLessThan(now + HOUR)
  })
})
