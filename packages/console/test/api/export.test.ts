import { request } from 'node:http'
import { createRecordId, type StoreRecord } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen } from '../raw-request.js'

let app: FastifyInstance
const events: { readonly type: string; readonly details: object }[] = []

beforeEach(async () => {
  app = await buildApp({ core: { user: () => 'ann' } })
  app.scs.audit.subscribe(({ event }) => void events.push(event))
})
afterEach(() => app.close())

const NOW = Date.now()

function event(index: number, message = `event ${index}`): StoreRecord {
  return {
    kind: 'audit_events',
    id: createRecordId(),
    createdAt: NOW - 60_000 + index,
    revision: 0,
    keys: { service: 'orders', level: 'INFO', fingerprint: 'paid', summary: message },
    data: { message, event: { type: 'paid', details: { path: '/x' } } },
    importance: 'normal',
  }
}

async function write(count: number, message?: (index: number) => string) {
  for (let index = 0; index < count; index++) app.scsStore.write(event(index, message?.(index)))
  await app.scsStore.flush()
}

describe('the export', () => {
  it('has every record of the filter as JSON lines, page after page', async () => {
    await write(1_234)
    const answer = await app.inject('/_scs/api/export/audit_events?type=paid')
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="audit_events-[\dT-]+\.jsonl"$/,
      ),
      'cache-control': 'no-store',
    })
    const rows = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows).toHaveLength(1_234)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1_234)
    expect(rows[0]).toMatchObject({ kind: 'audit_events', message: 'event 1233' })
  })

  it('is CSV with cells that no spreadsheet takes for a formula', async () => {
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a,"b"\nc', '＝1+1']
    await write(evil.length, (index) => evil[index] ?? '')
    const { body, headers } = await app.inject('/_scs/api/export/audit_events?format=csv&type=paid')
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    const [head, ...lines] = body.split('\r\n')
    expect(head).toBe(
      '"id","createdAt","service","level","type","message","path","requestId","traceId","user"',
    )
    const cells = lines.join('\r\n')
    for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)'])
      expect(cells).toContain(`,"paid","'${formula}",`)
    expect(cells).toContain('"a,""b""\nc"')
    expect(cells).toContain(`,"'\r=1",`)
    expect(cells).not.toMatch(/,"?[=+@\t＝-]|,"?\r(?!\n)/)
  })

  it('says in the audit log who has exported what', async () => {
    events.length = 0
    await app.inject('/_scs/api/export/audit_events?type=paid&format=csv')
    expect(events).toMatchObject([
      {
        type: 'console-exported',
        details: { user: 'ann', kind: 'audit_events', filter: { type: 'paid' } },
      },
    ])
  })

  it('has a header alone where nothing matches', async () => {
    const csv = await app.inject('/_scs/api/export/reports?format=csv&service=none')
    expect(csv.body.split('\r\n')).toHaveLength(2)
    const lines = await app.inject('/_scs/api/export/reports?service=none')
    expect(lines.body).toBe('')
  })

  it('asks nothing more of the store once the client has left', async () => {
    await write(20_000, (index) => `${index} ${'x'.repeat(900)}`)
    const find = vi.spyOn(app.scsStore, 'find')
    const port = await listen(app)
    const path = '/_scs/api/export/audit_events?type=paid'
    await new Promise<void>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        response.once('data', () => {
          // It reads no further: the export waits for it.
          response.pause()
          resolve()
        })
        closeLater.push(() => asked.destroy())
      })
      asked.once('error', reject)
      asked.end()
    })
    // As many pages as the sockets hold, and then no more.
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = before === find.mock.calls.length
          before = find.mock.calls.length
          return isStill
        },
        { interval: 300 },
      )
      .toBe(true)
    expect(before).toBeLessThan(40)
    for (const close of closeLater) close()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(find.mock.calls.length).toBeLessThanOrEqual(before + 1)
    const { console } = (await app.inject('/_scs/api/store')).json()
    // Each of its pages had its turn.
    expect(console.queries).toBe(find.mock.calls.length + 1)
    find.mockRestore()
  })
})

const closeLater: (() => void)[] = []
