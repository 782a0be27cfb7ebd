import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BusyTime } from '../../src/noting/busy-time.js'

describe('the time during which at least one query ran', () => {
  it('counts queries side by side once', () => {
    const busy = new BusyTime()
    busy.begin(100)
    busy.begin(110)
    busy.end(100, 130)
    busy.begin(140)
    busy.end(110, 150)
    busy.end(140, 160)
    expect(busy.totalMs(200)).toBe(60)
    busy.begin(200)
    busy.end(200, 210)
    expect(busy.totalMs(300)).toBe(70)
  })

  it('goes on while one runs', () => {
    const busy = new BusyTime()
    busy.begin(100)
    expect(busy.totalMs(130)).toBe(30)
    expect(busy.totalMs(150)).toBe(50)
  })

  it('reaches back to the beginning of a query that is told of at its end', () => {
    const busy = new BusyTime()
    busy.begin(150)
    busy.end(100, 150)
    expect(busy.totalMs(200)).toBe(50)
    // Half of it is counted already.
    busy.begin(180)
    busy.end(120, 180)
    expect(busy.totalMs(200)).toBe(80)
    // One that began before another one that runs.
    busy.begin(200)
    busy.begin(230)
    busy.end(190, 230)
    busy.end(200, 240)
    expect(busy.totalMs(300)).toBe(130)
  })

  it('a long one that is told of at its end covers the short ones that ended within it', () => {
    const busy = new BusyTime()
    for (const at of [110, 120, 130]) {
      busy.begin(at)
      busy.end(at, at + 1)
    }
    busy.begin(140)
    busy.begin(150)
    busy.end(100, 150)
    expect(busy.totalMs(150)).toBe(50)
    busy.end(140, 160)
    expect(busy.totalMs(200)).toBe(60)
  })

  it('counts nothing of a query whose end cannot be seen', () => {
    const busy = new BusyTime()
    busy.begin(100)
    busy.end(100, 100)
    expect(busy.totalMs(500)).toBe(0)
  })

  it('is the union of all spans, whatever they are, of thousands too', () => {
    const span = fc.record({ at: fc.nat(2_000), ms: fc.nat(60), isToldLate: fc.boolean() })
    fc.assert(
      fc.property(fc.array(span, { maxLength: 100 }), (spans) => {
        const covered = new Set<number>()
        const steps = spans.flatMap(({ at, ms, isToldLate }) => {
          for (let index = at; index < at + ms; index += 1) covered.add(index)
          const begunAt = isToldLate ? at + ms : at
          return [
            { now: begunAt, startedAt: undefined },
            { now: at + ms, startedAt: at },
          ]
        })
        const busy = new BusyTime()
        for (const { now, startedAt } of steps.toSorted((a, b) => a.now - b.now)) {
          if (startedAt === undefined) busy.begin(now)
          else busy.end(startedAt, now)
        }
        expect(busy.totalMs(3_000)).toBe(covered.size)
      }),
    )
    const busy = new BusyTime()
    for (let at = 0; at < 5_000; at += 1) {
      busy.begin(at * 3)
      busy.end(at * 3, at * 3 + 1)
    }
    expect(busy.totalMs(20_000)).toBe(5_000)
  })
})
