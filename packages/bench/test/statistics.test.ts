import { describe, expect, it } from 'vitest'
import { median, quantile } from '../src/report/statistics.js'

describe('quantile', () => {
  it('finds the ends, whatever the order', () => {
    expect(quantile([30, 10, 20], 0)).toBe(10)
    expect(quantile([30, 10, 20], 1)).toBe(30)
  })

  it('lies on the line between two neighbours', () => {
    expect(quantile([10, 20, 30, 40], 0.25)).toBe(17.5)
    expect(quantile([10, 20, 30, 40, 50], 0.75)).toBe(40)
  })

  it('sorts by size, not by text, and leaves the values as they are', () => {
    const values = [9, 100, 10]
    expect(quantile(values, 1)).toBe(100)
    expect(values).toEqual([9, 100, 10])
  })

  it('refuses to answer for no values', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('median', () => {
  it('is the middle value of an odd number', () => {
    expect(median([3, 1, 200])).toBe(3)
  })

  it('is the mean of the two middle values of an even number', () => {
    expect(median([4, 1, 2, 100])).toBe(3)
  })

  it('is the value itself when there is only one', () => {
    expect(median([7])).toBe(7)
  })
})
