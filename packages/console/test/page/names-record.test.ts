import { describe, expect, it } from 'vitest'
import { namesRecord } from '../../page/lists/names-record.js'

describe('whether a text names a business record', () => {
  it('is so where type and id stand as words of their own, in whatever case', () => {
    expect(namesRecord("User 'ann' has refunded order 42: too late", 'Order', '42')).toBe(true)
    expect(namesRecord('Order 42', 'Order', '42')).toBe(true)
    expect(namesRecord('order 421, order 42.', 'Order', '42')).toBe(true)
  })

  it('is not so where they are parts of other words', () => {
    expect(namesRecord('refunded order 421', 'Order', '42')).toBe(false)
    expect(namesRecord('reorder 42', 'Order', '42')).toBe(false)
    expect(namesRecord('order by 42', 'Order', '42')).toBe(false)
    expect(namesRecord('', 'Order', '42')).toBe(false)
  })

  it('takes signs in an id as they are', () => {
    expect(namesRecord('invoice A.7/b paid', 'Invoice', 'A.7/b')).toBe(true)
    expect(namesRecord('invoice Ax7/b paid', 'Invoice', 'A.7/b')).toBe(false)
  })
})
