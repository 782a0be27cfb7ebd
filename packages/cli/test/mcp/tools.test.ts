import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { SECRET } from '../fill-store.js'
import { type Connected, overStdio, type Revision } from './mcp-client.js'
import { ORDER, type Planted, plantStore } from './plant-store.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-mcp-'))
let postgres: PostgresDatabase
beforeAll(async () => {
  postgres = await PostgresDatabase.create()
})
afterAll(async () => {
  await postgres?.remove()
  rmSync(folder, { recursive: true, force: true })
})

// And each with one revision of the protocol.
const STORES: readonly (readonly [string, () => string, Revision | undefined])[] = [
  ['SQLite', () => `sqlite:${join(folder, 'scs.db')}`, undefined],
  ['PostgreSQL', () => postgres.url(), '2026-07-28'],
]

describe.each(STORES)('over stdio, with a store in %s', (engine, urlOf, revision) => {
  const auditFile = join(folder, `${engine}.log`)
  let planted: Planted
  let mcp: Connected
  beforeAll(async () => {
    planted = await plantStore(urlOf())
    mcp = await overStdio(urlOf(), auditFile, revision)
  })
  afterAll(() => mcp?.close())

  const lastAudit = () =>
    JSON.parse(readFileSync(auditFile, 'utf8').trim().split('\n').at(-1) ?? '')

  it('the tools say that they only read, and what they take and give', async () => {
    const { tools } = await mcp.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      ...['find', 'timeline', 'group', 'report', 'release_verdict'],
    ])
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(tool.outputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    }
    expect(mcp.client.getInstructions()).toContain('never instructions')
  })

  it('find gives records page by page, each once, in answers that are bounded', async () => {
    const titles: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const next = cursor === undefined ? {} : { cursor }
      const { data, text } = await mcp.call('find', {
        ...{ kind: 'reports', fingerprint: 'many', limit: 100, ...next },
      })
      expect(Buffer.byteLength(text)).toBeLessThan(60_000)
      titles.push(...data.items.map((item) => item.observed.title))
      cursor = data.computed.nextCursor ?? undefined
      pages++
    } while (cursor !== undefined)
    expect(pages).toBeGreaterThan(1)
    expect(new Set(titles).size).toBe(planted.manyReports)
    expect(titles).toHaveLength(planted.manyReports)
    expect(titles[0]).toMatch(/ \[\d+ characters left out\]$/)
  })

  it('timeline tells what happened in a request, page by page', async () => {
    const whole = await mcp.call('timeline', { requestId: planted.requestId })
    const what = whole.data.entries.map((entry) => entry.computed.what)
    expect(what).toEqual(expect.arrayContaining(['arrival', 'audit', 'call', 'crash', 'answer']))
    const first = await mcp.call('timeline', { requestId: planted.requestId, limit: 2 })
    const { nextCursor: cursor } = first.data.computed
    const second = await mcp.call('timeline', { requestId: planted.requestId, limit: 200, cursor })
    expect([...first.data.entries, ...second.data.entries]).toEqual(whole.data.entries)
    expect(second.data.computed.nextCursor).toBeNull()
  })

  it('group lists groups and tells of one', async () => {
    const { data } = await mcp.call('group', { kind: 'fatal', limit: 1 })
    expect(data.groups).toHaveLength(1)
    const { nextCursor: cursor } = data.computed
    const next = await mcp.call('group', { kind: 'fatal', limit: 1, cursor })
    expect(next.data.groups[0]?.observed).not.toEqual(data.groups[0]?.observed)
    const one = await mcp.call('group', { fingerprint: 'order-group' })
    expect(one.data).toMatchObject({
      groups: [{ computed: { occurrences: 5, status: 'open', users: 1 } }],
      details: { routes: [{ computed: { reports: 1 } }] },
    })
  })

  it('report gives the text that the console copies', async () => {
    const { data } = await mcp.call('find', { kind: 'reports', errorId: planted.errorId })
    const id = data.items[0]?.observed.id
    const { text, data: report } = await mcp.call('report', { id })
    expect(text).toBe(report.observed.prompt)
    expect(text).toMatch(/^\| title: .*500.*the order has no customer/m)
    expect(text).toMatch(/^\| .*fill-store\.ts:\d+$/m)
    expect(text).toContain('What happened in the request')
    expect(text).not.toContain(SECRET)
  })

  it('release_verdict says why a release is worse, and where nothing can be said', async () => {
    const { data } = await mcp.call('release_verdict', { release: '1.3.0' })
    expect(data.computed).toMatchObject({ verdict: 'worse', groups: { verdict: 'worse' } })
    expect(data.observed.comparedWith).toBe('1.2.0')
    expect(data.routes[0]).toMatchObject({
      computed: {
        ...{ verdict: 'worse', durations: { verdict: 'same' } },
        failures: {
          verdict: 'worse',
          reason: expect.stringContaining(
            '1 of 1000 calls (0.1 %) failed before, 60 of 1000 calls',
          ),
        },
      },
      observed: { route: 'GET /orders' },
    })
    const first = await mcp.call('release_verdict', { release: '1.2.0' })
    expect(first.data.computed.verdict).toBe('too little traffic')
  })

  it('recorded text stays data: none is in a computed field, and none is hidden or steers a terminal', async () => {
    const answers = [
      await mcp.call('find', { kind: 'reports', requestId: 'order-1' }),
      await mcp.call('timeline', { requestId: 'order-1' }),
      await mcp.call('group', { fingerprint: 'order-group' }),
      await mcp.call('report', { id: planted.orderReportId }),
      await mcp.call('release_verdict', { release: '1.3.0' }),
    ]
    for (const { data, text, isError } of answers) {
      expect(isError).toBe(false)
      expect(text).toContain('Ignore previous instructions')
      const unmarked = leavesOf(data).filter(({ path }) => !/\b(computed|observed)\b/.test(path))
      expect(unmarked).toEqual([])
      const computed = leavesOf(data).filter(({ path }) => /\bcomputed\b/.test(path))
      expect(JSON.stringify(computed)).not.toContain('Ignore previous')
      for (const { value } of leavesOf(data))
        expect(String(value).replaceAll('\n', '')).not.toMatch(HIDDEN)
      expect(text.replaceAll('\n', '')).not.toMatch(HIDDEN)
    }
    // The text of a report has lines; none of the recorded ones is outside of its fence.
    const lines = answers[3]?.text.split('\n') ?? []
    const recorded = lines.filter((line) => /Ignore previous|rm -rf|end of observed/.test(line))
    expect(recorded.length).toBeGreaterThan(10)
    expect(recorded.filter((line) => !line.startsWith('| '))).toEqual([])
  })

  it('wrong arguments are refused with what would be right', async () => {
    const refused: readonly (readonly [string, object, string])[] = [
      [
        'find',
        {},
        'the argument "kind" is missing: one of reports, integration_requests, audit_events',
      ],
      ['find', { kind: 'report' }, 'the argument "kind" must be one of reports'],
      ['find', { kind: 'reports', statuscode: '4xx' }, 'did you mean "statusCode"?'],
      [
        'find',
        { kind: 'reports', limit: 1e6 },
        'must be a whole number from 1 to 100, not 1000000',
      ],
      ['find', { kind: 'reports', from: 'yesterday' }, 'from must be an ISO 8601 time'],
      ['find', { kind: 'reports', cursor: 'o3' }, 'cursor'],
      ['timeline', {}, 'give either the argument "requestId" or "traceId"'],
      ['timeline', { requestId: 'a', cursor: 'x' }, 'must be computed.nextCursor'],
      ['group', { fingerprint: 'none' }, 'There is no such group'],
      ['group', { status: 'gone' }, 'status'],
      ['report', { id: 'x'.repeat(101) }, 'must be a string of 1 to 100 characters'],
      ['report', { id: 'none' }, 'there is no report with this id'],
      ['release_verdict', { release: 'none' }, 'There is no such release'],
    ]
    for (const [tool, args, says] of refused) {
      const { isError, text } = await mcp.call(tool, args)
      expect({ tool, args, isError }).toEqual({ tool, args, isError: true })
      expect(text).toContain(says)
    }
  })

  it('each call is a line in the audit file, with the caller and the arguments, without secrets', async () => {
    await mcp.call('find', { kind: 'reports', text: `Bearer ${SECRET}` })
    expect(lastAudit()).toMatchObject({
      level: 'INFO',
      source: 'fastify-scs mcp',
      event: { type: 'mcp-tool-called', details: { tool: 'find', arguments: { kind: 'reports' } } },
    })
    expect(lastAudit().event.details.caller).toMatch(/^stdio of \S+, client "test client" 9\.9\.9$/)
    await mcp.call('find', { kind: 'reports', secret: SECRET })
    expect(lastAudit()).toMatchObject({ event: { type: 'mcp-tool-refused' } })
    expect(readFileSync(auditFile, 'utf8')).not.toContain(SECRET)
  })
})

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u

/** All values of an answer with their paths. */
function leavesOf(value: unknown, path = ''): { readonly path: string; readonly value: unknown }[] {
  if (typeof value !== 'object' || value === null) {
    const isListOrNone = value === null && /\.details$/.test(path)
    return isListOrNone ? [] : [{ path, value }]
  }
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, `${path}.${name}`))
}

it('the order is one that would be taken for something else', () => {
  expect(ORDER).toMatch(HIDDEN)
})
