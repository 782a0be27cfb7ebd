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

  it('counts nothing of a query whose end cannot be seen', () => {
    const busy = new BusyTime()
    busy.begin(100)
    busy.end(100, 100)
    expect(busy.totalMs(500)).toBe(0)
  })
})
