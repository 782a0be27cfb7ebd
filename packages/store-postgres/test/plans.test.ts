import { type RecordFilter, resolveFilter } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { pageStatement } from '../src/read/find.js'
import { DAY_MS } from '../src/schema/day.js'
import { PostgresDatabase } from './postgres-server.js'

const FIRST_DAY = Date.UTC(2026, 2, 1)
const DAYS = 6
const ROWS_PER_DAY = 4_000

let server: PostgresDatabase
let client: pg.Client

beforeAll(async () => {
  server = await PostgresDatabase.create()
  const store = new CheckedAdapter(new PostgresStore(server.url()))
  await store.open()
  for (let day = 0; day < DAYS; day++) await fill(store, FIRST_DAY + day * DAY_MS)
  await store.insert([sample({ createdAt: FIRST_DAY })])
  await store.close()
  await server.admin('ANALYZE scs.reports')
  client = new pg.Client({ connectionString: server.url() })
  await client.connect()
}, 60_000)

afterAll(async () => {
  await client?.end()
  await server?.remove()
})

describe('the plan of a page', () => {
  const rare: readonly (readonly [RecordFilter, string])[] = [
    [{ service: 'service 7' }, 'service'],
    [{ status: 'status 7' }, 'status'],
    [{ statusCode: 207 }, 'status_code'],
    [{ fingerprint: 'fingerprint 7' }, 'fingerprint'],
    [{ level: 'level 7' }, 'level'],
    [{ requestId: 'request 7' }, 'request_id'],
    [{ reference: { type: 'Order', id: 'reference 7' } }, 'reference_id'],
    [{ reference: { id: 'reference 7' } }, 'reference_id'],
    [{ user: 'user 7' }, 'user_id'],
    [{ key: 'key 7' }, 'key'],
    [{ remoteId: 'remote 7' }, 'remote_id'],
    [{ route: 'GET /route-7' }, 'route'],
    [{ release: 'release 7' }, 'release'],
    [{ traceId: 'trace 7' }, 'trace_id'],
    [{ status: ['status 7', 'status 8'] }, 'status'],
  ]
  for (const [filter, column] of rare) {
    it(`looks up ${JSON.stringify(filter)} in the index of ${column}, on every day`, async () => {
      const scans = await scansOf(filter)
      expect(scans).toHaveLength(DAYS + 2)
      for (const scan of scans) {
        if (isEmptyDay(scan)) continue
        expect(scan.index).toMatch(new RegExp(`_${column}_created_at_idx`))
      }
    })
  }

  it('reads the newest days by the time index when there is no filter, and stops at the limit', async () => {
    const { plan, scans } = await explain({})
    for (const scan of scans) {
      if (!isEmptyDay(scan)) expect(scan.index).toMatch(/_created_at_idx\d*$/)
    }
    const read = scans.reduce((sum, scan) => sum + scan.rows, 0)
    expect(read).toBeLessThan(200)
    expect(JSON.stringify(plan)).not.toContain('"Node Type":"Sort"')
  })

  for (const filter of [
    { method: 'POST' },
    { direction: 'out' },
    { urlPrefix: 'https://api.' },
    { method: 'POST', direction: 'out', urlPrefix: 'https://api.' },
  ] satisfies RecordFilter[]) {
    it(`walks the newest days by the index of the time for ${JSON.stringify(filter)}, which many have`, async () => {
      const { plan, scans } = await explain(filter)
      expect(scans.reduce((sum, scan) => sum + scan.rows, 0)).toBeLessThan(200)
      expect(JSON.stringify(plan)).not.toContain('"Node Type":"Sort"')
    })
  }

  it('reads only the days of the time range', async () => {
    const from = FIRST_DAY + 2 * DAY_MS
    const scans = await scansOf({ from, to: from + DAY_MS })
    expect(scans.map(({ table }) => table)).toEqual(['reports_20260303'])
  })

  it('reads only the days of the time range for text and for filters without an index', async () => {
    const from = FIRST_DAY + 4 * DAY_MS
    for (const filter of WITHOUT_INDEX) {
      const scans = await scansOf({ ...filter, from, to: from + DAY_MS })
      expect(scans.map(({ table }) => table)).toEqual(['reports_20260305'])
    }
  })

  it('leaves out the days that are newer than the cursor', async () => {
    const createdAt = FIRST_DAY + 1.5 * DAY_MS
    const cursor = Buffer.from(`${createdAt}.${ID}`).toString('base64url')
    const tables = new Set((await scansOf({ cursor, level: 'level 7' })).map(({ table }) => table))
    expect([...tables].sort()).toEqual(['reports_20260301', 'reports_20260302'])
  })
})

describe('the plan of a page of a service and a status', () => {
  // Of ten services one never fails, and each tenth call of the others does.
  const day = 'scs.integration_requests_20260301'
  beforeAll(() =>
    server.admin(`INSERT INTO ${day} (created_at, id, revision, service, status, data)
      SELECT '2026-03-01'::timestamptz + i * interval '1 s', gen_random_uuid(), 0, 'service ' || i % 10,
        CASE WHEN i / 10 % 5 = 0 AND i % 10 <> 7 THEN 'Failed' ELSE 'Completed' END, '{}'
      FROM generate_series(1, 50000) AS i; ANALYZE ${day}`),
  )

  it('goes along the time where many have both, and stops at the limit', async () => {
    const { plan, scans } = await explain({ service: 'service 1', status: 'Failed' }, CALLS)
    expect(scans.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(200)
    expect(removedIn(plan)).toBeLessThan(10_000)
  })

  it('reads no call of another service where many have each, and none has both', async () => {
    const { plan, scans } = await explain({ service: 'service 7', status: 'Failed' }, CALLS)
    expect(scans.reduce((sum, { rows }) => sum + rows, 0)).toBe(0)
    expect(removedIn(plan)).toBeLessThanOrEqual(5_000)
  })
})

const CALLS = 'scs.integration_requests'

const WITHOUT_INDEX: readonly RecordFilter[] = [
  { text: 'no such text' },
  { reference: { type: 'Order' } },
  { statusNot: ['status 7', 'status 8'] },
  { method: 'POST' },
  { direction: 'out' },
  { urlPrefix: 'https://api.example/' },
]

const ID = '0195d1f0-0000-7000-8000-000000000000'

interface Scan {
  readonly table: string
  readonly index: string | undefined
  readonly rows: number
}

/** Today's and tomorrow's partition have no rows, and any plan is good for them. */
function isEmptyDay({ table }: Scan): boolean {
  return !table.startsWith('reports_202603')
}

async function scansOf(filter: RecordFilter): Promise<readonly Scan[]> {
  return (await explain(filter)).scans
}

/** Runs the very statement that a page runs, and reads which tables and indexes it used. */
async function explain(
  filter: RecordFilter,
  table = 'scs.reports',
): Promise<{ plan: PlanNode | undefined; scans: readonly Scan[] }> {
  const { text, values } = pageStatement(table, { ...resolveFilter(filter), words: [] })
  const explained = `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(explained, [
    ...values,
  ])
  const plan = rows[0]?.['QUERY PLAN'][0].Plan
  return { plan, scans: plan === undefined ? [] : scansIn(plan) }
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** The rows that a plan has read in vain. */
function removedIn(node: PlanNode | undefined): number {
  const below = node?.Plans?.reduce((sum, each) => sum + removedIn(each), 0) ?? 0
  return below + (node?.['Rows Removed by Filter'] ?? 0)
}

function scansIn(node: PlanNode): readonly Scan[] {
  const below = node.Plans?.flatMap(scansIn) ?? []
  const table = node['Relation Name']
  if (table === undefined) return below
  // A bitmap scan names its index in the node below it.
  const index = node['Index Name'] ?? node.Plans?.[0]?.['Index Name']
  return [{ table, index, rows: node['Actual Rows'] }]
}

/** A day of records in which every key has a thousand values. */
async function fill(store: CheckedAdapter, from: number): Promise<void> {
  const stepMs = Math.floor(DAY_MS / ROWS_PER_DAY)
  const rows = Array.from({ length: ROWS_PER_DAY }, (_, index) => {
    const number = index % 1_000
    const createdAt = from + index * stepMs
    const hex = createdAt.toString(16).padStart(12, '0')
    return {
      kind: 'reports' as const,
      id: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`,
      createdAt,
      revision: 0,
      keys: {
        service: `service ${number}`,
        status: `status ${number}`,
        statusCode: 200 + number,
        fingerprint: `fingerprint ${number}`,
        level: `level ${number}`,
        requestId: `request ${number}`,
        referenceType: 'Order',
        referenceId: `reference ${number}`,
        user: `user ${number}`,
        key: `key ${number}`,
        remoteId: `remote ${number}`,
        route: `GET /route-${number}`,
        release: `release ${number}`,
        traceId: `trace ${number}`,
        summary: `summary ${number}`,
      },
      data: { number, method: 'POST', isRemoteRequest: true, url: `https://api.example/${number}` },
      importance: 'normal' as const,
    }
  })
  await store.insert(rows)
}
