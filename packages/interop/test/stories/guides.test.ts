import type { IntegrationPage, IntegrationRecord } from '@fastify-scs/integration-log'
import { expect, it, vi } from 'vitest'
import { newFolder } from './databases.js'
import { startGuideProgram } from './guide-programs.js'
import { startMobileMoneyProvider } from './mobile-money-provider.js'

/* The programs of the guides, as they stand there, tell the stories that the guides tell. */

vi.setConfig({ testTimeout: 120_000 })

it("the guide from Frappe: a callback in another process completes the shop's payment", async () => {
  const page = 'docs/guides/from-frappe.md'
  const folder = newFolder()
  const provider = await startMobileMoneyProvider()
  const callbacks = await startGuideProgram(page, 'callbacks', { folder })
  const shop = await startGuideProgram(page, 'shop', {
    folder,
    origins: { 'https://sandbox.safaricom.co.ke': provider.origin },
    env: { CALLBACK_URL: `${callbacks.address}/callbacks/mpesa` },
  })
  const { status, body } = await shop.ask('/orders/SO-1/payment', {})
  expect(status).toBe(202)
  const { payment: key } = body as { payment: string }
  await provider.deliver(key)
  // The end of a process that was let go of is the end of what it had to store.
  callbacks.child.disconnect()
  expect(await callbacks.ended()).toBe(0)
  const { items } = (await shop.ask('/orders/SO-1/payments')).body as IntegrationPage
  expect(items.toReversed()).toMatchObject([
    { description: 'STK Push', status: 'Completed' },
    {
      key,
      description: 'Payment',
      status: 'Completed',
      data: { amount: 250, ResultCode: 0 },
      output: 'The service request is processed successfully.',
    },
    { description: 'STK Callback', status: 'Completed', isRemoteRequest: false },
  ])
})

it('the guide from Frappe: return page and webhook change one payment at once, and nothing is lost', async () => {
  const checkout = await startGuideProgram('docs/guides/from-frappe.md', 'checkout', {
    folder: newFolder(),
  })
  expect((await checkout.ask('/payments/EC-1', {})).status).toBe(201)
  const answers = await Promise.all([
    checkout.ask('/payments/EC-1/return'),
    checkout.ask('/payments/EC-1/webhook', {}),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  const payment = (await checkout.ask('/payments/EC-1')).body as IntegrationRecord
  expect(payment).toMatchObject({ data: { payer: 'ann' }, output: { capture: 'c-1' } })
  expect(['Authorized', 'Completed']).toContain(payment.status)
  expect((await checkout.ask('/payments/EC-2/return')).status).toBe(404)
})

it('the guide from PyMacaron: an error passes through three services as the guide shows it', async () => {
  const page = 'docs/guides/from-pymacaron.md'
  const folder = newFolder()
  const profiles = await startGuideProgram(page, 'profiles', { folder })
  const passing = (upstream: string) =>
    startGuideProgram(page, 'accounts', {
      folder,
      origins: { 'https://profiles.example.com': upstream },
    })
  const accounts = await passing(profiles.address)
  // The third calls the second as that calls the first; its own routes have other names.
  const model = {
    error: 'LEDGER_CLOSED',
    error_description: 'table ledger is locked',
    user_message: 'Please come back in an hour',
    status: 503,
    error_id: expect.stringMatching(/^[\w-]{36}$/),
  }
  for (const path of ['/accounts/8', '/names/8']) {
    const answer = await fetch(`${accounts.address}${path}`)
    expect(answer.status).toBe(503)
    const body = (await answer.json()) as { error_id: string }
    expect(body).toEqual(model)
    expect(answer.headers.get('x-error-id')).toBe(body.error_id)
  }
  expect((await accounts.ask('/names/7')).body).toEqual({ name: 'Ann' })
})
