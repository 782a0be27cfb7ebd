// A service with all plugins on each store: what is recorded of a crash that made a call is found again.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import queryLog, { observeBetterSqlite, observeNodeSqlite } from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

const folder = mkdtempSync(join(tmpdir(), 'scs-smoke-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const urls = {
  memory: 'memory:',
  SQLite: `sqlite:${join(folder, 'scs.db')}`,
  // The server is shared by all runs.
  PostgreSQL: `${process.env.SCS_COMPAT_POSTGRES}?schema=smoke_${randomBytes(6).toString('hex')}`,
}

for (const [name, url] of Object.entries(urls)) {
  test(`${name} keeps what a service records`, async (t) => {
    const upstream = createServer((_request, response) => response.end('{"paid":true}'))
    await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    t.after(() => upstream.close())
    const app = Fastify()
    t.after(() => app.close())
    const audited = []
    await app.register(scsPlugin, {
      source: 'orders',
      audit: { stream: { write: (line) => audited.push(line) } },
    })
    await app.register(store, { url })
    await app.register(errorReporter, { errorReporter: () => undefined })
    await app.register(slowCall, { maxMs: 60_000 })
    await app.register(queryLog)
    await app.register(integrationLog, {
      services: { bank: { origin: `http://127.0.0.1:${upstream.address().port}` } },
      observe: true,
    })
    const lines = await openOrders()
    const paid = app.scs.registerAuditEvent({
      type: 'orders-paid',
      level: 'INFO',
      messageTemplate: "Order {id} was paid by '{user}'",
    })
    app.post('/orders/:id', async (request) => {
      paid(request, { id: request.params.id })
      for (let order = 0; order < 12; order++) lines.all(order)
      const charge = { reference: { type: 'Order', id: request.params.id } }
      const answer = await request.integrations.service('bank').fetch('/pay', charge)
      assert.deepEqual(await answer.json(), { paid: true })
      throw new TypeError('no price')
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const answer = await fetch(`${address}/orders/7`, { method: 'POST' })
    assert.equal(answer.status, 500)
    assert.equal((await answer.json()).error.id, 'internal-server-error')
    assert.match(audited.join(''), /"message":"Order 7 was paid by 'null'"/)

    await app.errorReporter.flush()
    await app.scsStore.flush()
    const found = async (kind) => (await app.scsStore.find(kind, { service: 'orders' })).items
    const [report] = await found('reports')
    assert.match(report.keys.summary, /no price/)
    const { queries } = report.data.facts
    assert.deepEqual(
      queries.statements.map(({ text, times, isRepeated }) => [text, times, isRepeated]),
      [['SELECT article FROM order_lines WHERE order_id = ?', 12, true]],
    )
    assert.match(report.data.code[0].lines.join(), /throw new TypeError\('no price'\)/)
    const [event] = await found('audit_events')
    assert.equal(event.data.message, "Order 7 was paid by 'null'")
    const calls = await app.integrations.find({ service: 'bank' })
    assert.deepEqual(
      calls.items.map(({ status, reference }) => [status, reference.id]),
      [['Completed', '7']],
    )
    assert.deepEqual((await app.scsStore.stats()).queue.records, 0)
  })
}

/** A database of the application, observed. */
async function openOrders() {
  const sqlite = process.getBuiltinModule('node:sqlite')
  const database =
    sqlite === undefined
      ? observeBetterSqlite(new (await import('better-sqlite3')).default(':memory:'))
      : observeNodeSqlite(new sqlite.DatabaseSync(':memory:'))
  database.exec('CREATE TABLE order_lines (order_id INTEGER, article TEXT)')
  return database.prepare('SELECT article FROM order_lines WHERE order_id = ?')
}
