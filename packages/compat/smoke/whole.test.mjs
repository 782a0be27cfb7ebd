// The packages for applications: the plugin of all, the helpers for tests, the client and the program.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { isScsError } from '@fastify-scs/client'
import { auditTrail, expectError, outbound, reports } from '@fastify-scs/testing'
import Fastify from 'fastify'
import fastifyScs from 'fastify-scs'

const program = join('node_modules', '.bin', 'fastify-scs')
const folder = mkdtempSync(join(tmpdir(), 'scs-smoke-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

test('one plugin registers all, a test sees what they record, and the program finds it', async (t) => {
  const url = `sqlite:${join(folder, 'scs.db')}`
  const app = Fastify()
  t.after(() => app.close())
  await app.register(fastifyScs, {
    source: 'orders',
    store: url,
    errorReporter: { errorReporter: () => undefined },
    audit: false,
  })
  const soldOut = app.scs.registerError({
    code: 409,
    id: 'orders-sold-out',
    message: 'Only {left} are left',
  })
  const ordered = app.scs.registerAuditEvent({
    type: 'orders-ordered',
    level: 'INFO',
    messageTemplate: 'Order {id} was made',
  })
  app.get('/orders/:id', { throws: [soldOut] }, async (request) => {
    ordered(request, { id: request.params.id })
    throw soldOut({ params: { left: 2 } })
  })
  app.get('/crash', async () => {
    throw new TypeError('no price')
  })
  const trail = auditTrail(app)
  const crashes = reports(app)
  assert.ok(outbound(app))
  const response = await app.inject('/orders/7')
  expectError(response, soldOut)
  assert.ok(isScsError(response.json(), 'orders-sold-out'))
  assert.equal(response.json().error.message, 'Only 2 are left')
  assert.deepEqual(
    (await trail.all()).map(({ message }) => message),
    ['Order 7 was made'],
  )
  await app.inject('/crash')
  assert.match((await crashes.one()).title, /no price/)
  await app.close()

  const run = (...args) =>
    execFileSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env: { ...process.env, SCS_STORE_URL: url },
    })
  assert.match(run('find', 'audit_events'), /Order 7 was made/)
  assert.match(run('groups'), /no price/)
})

test('the program serves a store to agents', async (t) => {
  const url = `sqlite:${join(folder, 'agents.db')}`
  const app = Fastify()
  t.after(() => app.close())
  await app.register(fastifyScs, { source: 'orders', store: url, audit: false })
  app.scs.registerAuditEvent({ type: 'orders-counted', level: 'INFO', messageTemplate: 'counted' })
  app.scs.addAuditEvent('orders-counted', {})
  await app.close()

  const child = spawn(process.execPath, [program, 'mcp', '--store', url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  t.after(() => child.kill())
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (id, method, params) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return JSON.parse((await answers.next()).value).result
  }
  const client = { name: 'smoke', version: '1.0.0' }
  const version = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: client }
  assert.equal((await ask(1, 'initialize', version)).serverInfo.name, 'fastify-scs')
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  const found = await ask(2, 'tools/call', {
    name: 'find',
    arguments: { kind: 'audit_events' },
  })
  assert.match(JSON.stringify(found), /orders-counted/)
  child.stdin.end()
  assert.equal((await closed)[0], 0)
})
