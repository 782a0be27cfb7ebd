import { describe, expect, it } from 'vitest'
import {
  filterOf,
  queryOf,
  searchOf,
  spanMs,
  toggled,
  withFilter,
} from '../../page/lists/record-filter.js'

describe('the filter of a list in its URL', () => {
  it('is read from a URL and written to the same URL again', () => {
    const search = '?text=not+found&service=payments&status=Failed%2CQueued&statusCode=5xx&last=24h'
    const filter = filterOf(search, 'integration_requests')
    expect(filter).toEqual({
      text: 'not found',
      service: 'payments',
      status: 'Failed,Queued',
      statusCode: '5xx',
      last: '24h',
    })
    expect(searchOf(filter)).toBe(search)
  })

  it('has the same URL in whatever order it was made', () => {
    expect(searchOf({ user: 'ann', service: 'a' })).toBe(searchOf({ service: 'a', user: 'ann' }))
  })

  it('is empty text without any part, and keeps the cursor of a page', () => {
    expect(searchOf({})).toBe('')
    expect(searchOf({ service: 'a&b' }, 'next one')).toBe('?service=a%26b&cursor=next+one')
  })

  it('leaves out what the kind does not have, what is malformed, and what is empty', () => {
    const search = '?level=ERROR&statusCode=abc&direction=up&from=yesterday&last=99999d&key=&x=1'
    expect(filterOf(search, 'integration_requests')).toEqual({})
    expect(filterOf('?level=ERROR&method=GET', 'audit_events')).toEqual({ level: 'ERROR' })
  })

  it('has a span or fixed ends, not both', () => {
    expect(filterOf('?last=1h&from=2026-01-01', 'reports')).toEqual({ last: '1h' })
    expect(withFilter({ last: '1h', user: 'a' }, 'from', '2026-01-01')).toEqual({
      user: 'a',
      from: '2026-01-01',
    })
    expect(withFilter({ from: '2026-01-01', to: '2026-01-02' }, 'last', '7d')).toEqual({
      last: '7d',
    })
  })

  it('loses a part that is emptied', () => {
    expect(withFilter({ user: 'ann', service: 'a' }, 'user', '')).toEqual({ service: 'a' })
    expect(withFilter({ last: '1h' }, 'last', undefined)).toEqual({})
  })

  it('asks the API for a span as its beginning, the same within a minute', () => {
    const at = Date.UTC(2026, 10, 26, 12, 30, 59, 999)
    expect(queryOf({ last: '1h', user: 'ann' }, at)).toEqual({
      user: 'ann',
      from: '2026-11-26T11:30:00.000Z',
    })
    expect(queryOf({ last: '1h' }, at)).toEqual(queryOf({ last: '1h' }, at - 59_000))
    expect(queryOf({ from: '5' }, at)).toEqual({ from: '5' })
  })

  it('knows minutes, hours and days', () => {
    expect([spanMs('15m'), spanMs('24h'), spanMs('7d'), spanMs('week')]).toEqual([
      900_000, 86_400_000, 604_800_000, 0,
    ])
  })

  it('takes several values of a status, each on its own', () => {
    expect(toggled(undefined, 'Failed')).toBe('Failed')
    expect(toggled('Failed', 'Queued')).toBe('Failed,Queued')
    expect(toggled('Failed,Queued', 'Failed')).toBe('Queued')
    expect(toggled('Failed', 'Failed')).toBe('')
  })
})
