import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditTrail, expectError, reports } from '@fastify-scs/testing'
import { buildApp, sold, soldOut } from './app.js'

async function startApp() {
  return buildApp({
    store: 'memory:',
    audit: false,
    errorReporter: { errorReporter: () => undefined },
  })
}

test('who buys a ticket is in the audit log', async (t) => {
  const app = await startApp()
  t.after(() => app.close())
  const trail = auditTrail(app)
  const payload = { count: 2 }
  const headers = { 'x-user': 'ada' }
  const answer = await app.inject({ method: 'POST', url: '/tickets', headers, payload })
  assert.equal(answer.statusCode, 201)
  const event = await trail.one(sold)
  assert.equal(event.message, "2 tickets were sold to 'ada'")
})

test('more tickets than there are is an error that says how many are left', async (t) => {
  const app = await startApp()
  t.after(() => app.close())
  const answer = await app.inject({ method: 'POST', url: '/tickets', payload: { count: 4 } })
  assert.equal(expectError(answer, soldOut).message, 'Only 3 tickets are left')
})

test('a seat that does not exist is a crash, which is reported', async (t) => {
  const app = await startApp()
  t.after(() => app.close())
  const crashes = reports(app)
  const answer = await app.inject('/seats/z9')
  assert.equal(answer.statusCode, 500)
  const crash = await crashes.one()
  assert.match(crash.title, /GET \/seats\/:name: Cannot read properties of undefined/)
})
