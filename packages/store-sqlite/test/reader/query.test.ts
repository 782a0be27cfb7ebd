import { RECORD_KINDS, type RecordFilter, resolveFilter } from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../src/driver/driver.js'
import { SqliteStore } from '../../src/index.js'
import { bucketQuery, countQuery } from '../../src/reader/bucket-query.js'
import type { Query } from '../../src/reader/conditions.js'
import { Deadline } from '../../src/reader/deadline.js'
import { findQuery, getQuery } from '../../src/reader/query.js'
import { tallyByFilter } from '../../src/reader/tally-query.js'
import { connect, newPath } from '../processes.js'

const TIME = 'USING INDEX integration_requests_time'
const CURSOR = Buffer.from('1768478400000.0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b').toString(
  'base64url',
)

let connection: Connection

beforeEach(async () => {
  const path = newPath()
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  await store.close()
  connection = connect(path)
  new Deadline(connection, 1_000)
})

function planOf({ sql, values }: Query): string {
  const steps = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
  return steps.map((step) => (step as { detail: string }).detail).join('; ')
}

function planOfFilter(filter: RecordFilter): string {
  return planOf(findQuery('integration_requests', resolveFilter(filter)))
}

describe('every query uses an index', () => {
  it.each<[RecordFilter, string]>([
    [{ service: 'a' }, 'service'],
    [{ status: 'a' }, 'status'],
    [{ statusCode: 500 }, 'status_code'],
    [{ fingerprint: 'a' }, 'fingerprint'],
    [{ level: 'a' }, 'level'],
    [{ requestId: 'a' }, 'request_id'],
    [{ reference: { type: 'a' } }, 'reference_type'],
    [{ reference: { id: 'a' } }, 'reference_id'],
    [{ user: 'a' }, 'user'],
  ])(
    '%j by the index of its key, in the order of time, also with a time range and a cursor',
    (filter, key) => {
      const bounds: RecordFilter[] = [{}, { from: 1, to: 2 }, { cursor: CURSOR }, { text: 'x' }]
      for (const bound of bounds) {
        const plan = planOfFilter({ ...filter, ...bound })
        expect(plan).toContain(`USING INDEX integration_requests_${key} (${key}=?`)
        // Only rows of the same millisecond are sorted, never all that match.
        expect(plan.replace('USE TEMP B-TREE FOR LAST TERM OF ORDER BY', '')).not.toContain(
          'TEMP B-TREE',
        )
      }
    },
  )

  it.each<[RecordFilter, string]>([
    [{}, `SCAN integration_requests ${TIME}`],
    [{ from: 1 }, `SEARCH integration_requests ${TIME} (created_at>?)`],
    [{ to: 1 }, `SEARCH integration_requests ${TIME} (created_at<?)`],
    [{ text: 'x' }, `SEARCH integration_requests ${TIME} (created_at>?)`],
    [{ cursor: CURSOR }, `SEARCH integration_requests ${TIME} (created_at<?)`],
    [{ statusCode: { from: 400 } }, `SCAN integration_requests ${TIME}`],
    [{ status: ['a', 'b'] }, `SCAN integration_requests ${TIME}`],
    [{ statusNot: 'a' }, `SCAN integration_requests ${TIME}`],
    [{ method: 'a', direction: 'in', urlPrefix: 'a' }, `SCAN integration_requests ${TIME}`],
    [{ method: 'a', from: 1 }, `SEARCH integration_requests ${TIME} (created_at>?)`],
    [{ statusCode: { from: 400 }, from: 1 }, `SEARCH integration_requests ${TIME} (created_at>?)`],
  ])('%j along the index of the time, newest first', (filter, expected) => {
    const plan = planOfFilter(filter)
    expect(plan).toContain(expected)
    expect(plan.replace('USE TEMP B-TREE FOR LAST TERM OF ORDER BY', '')).not.toContain(
      'TEMP B-TREE',
    )
  })

  it.each<[RecordFilter, string]>([
    [{ key: 'a' }, 'integration_requests_key (key=?)'],
    [{ service: 'a', key: 'a', from: 1, method: 'a' }, 'integration_requests_key (key=?)'],
    [{ remoteId: 'a', status: 'a' }, 'integration_requests_remote_id (remote_id=?)'],
    [{ key: 'a', remoteId: 'a' }, 'integration_requests_'],
  ])('%j begins with the few records that have it', (filter, index) => {
    const plan = planOfFilter(filter)
    expect(plan).toContain(`SEARCH extra USING INDEX ${index}`)
    expect(plan).toContain('SEARCH integration_requests USING INTEGER PRIMARY KEY (rowid=?)')
  })

  it.each<[RecordFilter, string]>([
    [{ route: 'a' }, 'route (route=?'],
    [{ release: 'a' }, 'release (release=?'],
    [{ traceId: 'a' }, 'trace_id (trace_id=?'],
  ])('%j by the index of where it comes from, in the order of time', (filter, index) => {
    for (const bound of [{}, { from: 1, to: 2 }, { cursor: CURSOR }, { text: 'x' }]) {
      const plan = planOfFilter({ ...filter, ...bound })
      expect(plan).toContain(`SEARCH origin USING INDEX integration_requests_${index}`)
      if (!('text' in bound)) expect(plan.includes('made_at')).toBe(Object.keys(bound).length > 0)
      expect(plan).toContain('SEARCH integration_requests USING INTEGER PRIMARY KEY (rowid=?)')
      expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER BY/)
    }
  })

  it('method and direction of the records of a service use the index of the service', () => {
    const plan = planOfFilter({ service: 'a', method: 'a', direction: 'out' })
    expect(plan).toContain('USING INDEX integration_requests_service (service=?')
    expect(plan).not.toContain('TEMP B-TREE FOR ORDER BY')
  })

  it('one record by its id uses the primary key', () => {
    for (const kind of RECORD_KINDS) {
      const plan = planOf(getQuery(kind, 'x'))
      const beside =
        /(; SEARCH (extra|origin) USING INTEGER PRIMARY KEY \(rowid=\?\)( LEFT-JOIN)?){2}$/
      expect(plan).toMatch(beside)
      expect(plan.replace(beside, '')).toMatch(/^SEARCH \w+ USING INDEX \w+ \(id=\?\)$/)
    }
  })

  it('buckets use the time index alone, without reading the rows', () => {
    const covering =
      /^SEARCH reports USING COVERING INDEX reports_time \(created_at>\? AND created_at<\?\)$/
    expect(planOf(bucketQuery('reports', { from: 1, to: 2, bucketMs: 1 }))).toMatch(covering)
    expect(
      planOf(bucketQuery('reports', { from: 1, to: 2, bucketMs: 1, service: 'stripe' })),
    ).toMatch(covering)
    for (const by of ['service', 'level', undefined] as const) {
      const query = { from: 1, to: 2, bucketMs: 1, status: 'fatal' }
      const counted = planOf(countQuery('reports', by === undefined ? query : { ...query, by }))
      expect(counted.replace('; USE TEMP B-TREE FOR GROUP BY', '')).toMatch(covering)
    }
  })

  it('a tally looks into the tables beside only for what it asks for', () => {
    const span = { from: 1, to: 2 }
    const planned = (by: 'service' | 'route', filter: RecordFilter) =>
      planOf(
        tallyByFilter('integration_requests', {
          by,
          filter: resolveFilter({ ...filter, ...span }),
          limit: 10,
        }),
      )
    expect(planned('service', { status: 'Failed' })).not.toMatch(/extra|origin/)
    expect(planned('route', { status: 'Failed' })).toContain('origin')
    expect(planned('route', { status: 'Failed' })).not.toContain('extra')
    expect(planned('service', { key: 'a' })).toContain('extra')
    expect(planned('service', { release: 'a' })).toContain('origin')
  })
})
