import { describe, expect, it } from 'vitest'
import { activeFilters, fieldsOf } from '../../page/lists/filter-field.js'
import { filtersOf } from '../../page/lists/record-filter.js'

describe('the fields of the filter bar', () => {
  it.each(['integration_requests', 'reports', 'audit_events'] as const)(
    'are each filter of %s once; text and time have places of their own',
    (kind) => {
      const names = fieldsOf(kind).map(({ name }) => name)
      const own = ['text', 'last', 'from', 'to']
      expect([...names].sort()).toEqual(
        filtersOf(kind)
          .filter((each) => !own.includes(each))
          .sort(),
      )
    },
  )

  it('offer the statuses of calls for calls, and those of reports for reports', () => {
    const statusesOf = (kind: 'reports' | 'integration_requests') =>
      fieldsOf(kind).find(({ name }) => name === 'status')?.choices
    expect(statusesOf('integration_requests')).toContain('Failed')
    expect(statusesOf('reports')).toEqual(['fatal', 'non-fatal', 'slow', 'stuck', 'blocked'])
  })

  it('say which filters are active, without text and time', () => {
    const filter = { status: 'Failed,Queued', path: '/a', text: 'x', last: '1h' }
    expect(activeFilters(filter, 'integration_requests')).toEqual([
      { name: 'status', label: 'Status', value: 'Failed, Queued' },
      { name: 'path', label: 'URL begins with', value: '/a' },
    ])
  })
})
