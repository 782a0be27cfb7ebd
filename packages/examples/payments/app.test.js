import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectError, outbound } from '@fastify-scs/testing'
import { buildApp, declined } from './app.js'
import { buildProvider } from './provider.js'

/** @param {import('node:test').TestContext} t */
async function startApp(t) {
  let address = ''
  const provider = buildProvider(() => `${address}/webhooks/provider`)
  t.after(() => provider.close())
  const providerAddress = await provider.listen({ port: 0, host: '127.0.0.1' })
  const app = await buildApp(providerAddress, { store: 'memory:', audit: false })
  t.after(() => app.close())
  address = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, providerAddress }
}

/** @param {number} amount */
const payment = (amount) => ({
  method: /** @type {const} */ ('POST'),
  url: '/orders/7/pay',
  payload: { amount, card: '4242424242424242' },
})

test('a payment is recorded with its order, and without its card', async (t) => {
  const { app, providerAddress } = await startApp(t)
  const calls = outbound(app)
  assert.equal((await app.inject(payment(200))).statusCode, 202)
  const call = await calls.one()
  assert.deepEqual(call.data, { order: '7', amount: 200, card: '[redacted]' })
  const paid = await fetch(`${providerAddress}/v1/charges/ch_7/pay`, { method: 'POST' })
  assert.deepEqual(await paid.json(), { webhook: 200 })
  const [found] = (await app.inject('/orders/7/calls')).json()
  assert.deepEqual([found.status, found.statusCode], ['Completed', 201])
})

test('a card that is declined is an error with a name', async (t) => {
  const { app } = await startApp(t)
  expectError(await app.inject(payment(2_000)), declined)
})
