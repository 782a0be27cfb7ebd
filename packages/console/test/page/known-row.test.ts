import { QueryClient } from '@tanstack/preact-query'
import { expect, it } from 'vitest'
import { knownRow } from '../../page/records/known-row.js'

const call = { kind: 'integration_requests', id: 'c1' }
const report = { kind: 'reports', id: 'r1' }

it('a row that a list, a list that grows or a time line has shown is known', () => {
  const queries = new QueryClient()
  queries.setQueryData(['records', 'integration_requests', { limit: 1 }], { items: [call] })
  queries.setQueryData(['record-pages', 'reports', {}], {
    pages: [{ items: [] }, { items: [report] }],
  })
  const event = { kind: 'audit_events', id: 'a1' }
  queries.setQueryData(['timeline', 'requests', 'req-1', 5], { records: [report, event] })
  expect(knownRow(queries, 'integration_requests', 'c1')).toBe(call)
  expect(knownRow(queries, 'reports', 'r1')).toBe(report)
  expect(knownRow(queries, 'audit_events', 'a1')).toBe(event)
})

it('a row of another kind, or one that was not shown, is not', () => {
  const queries = new QueryClient()
  queries.setQueryData(['records', 'integration_requests', {}], { items: [call] })
  queries.setQueryData(['records', 'reports', {}], undefined)
  expect(knownRow(queries, 'reports', 'c1')).toBeUndefined()
  expect(knownRow(queries, 'integration_requests', 'c2')).toBeUndefined()
})
