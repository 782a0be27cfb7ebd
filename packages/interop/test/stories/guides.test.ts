import type { CrashReport } from '@fastify-scs/error-reporter'
import type { IntegrationPage, IntegrationRecord } from '@fastify-scs/integration-log'
import type { SlowCallReport } from '@fastify-scs/slow-call'
import { describe, expect, it, vi } from 'vitest'
import { newFolder } from './databases.js'
import { startGuideProgram } from './guide-programs.js'
import { startMobileMoneyProvider } from './mobile-money-provider.js'
import type { StoryProcess } from './story-process.js'

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

describe('the guide to why it broke', () => {
  const page = 'docs/guides/why-it-broke.md'
  type Report = CrashReport & { readonly title: string }

  /** Asks for the reports until one is there whose title has a text in it. */
  async function reportOf(
    service: StoryProcess,
    title: string,
    before: () => Promise<unknown> = async () => undefined,
  ): Promise<Report> {
    let found: Report | undefined
    await expect
      .poll(
        async () => {
          await before()
          const reports = (await service.ask('/reports')).body as Report[]
          found = reports.find((each) => each.title.includes(title))
          return found?.title
        },
        { timeout: 60_000 },
      )
      .toEqual(expect.stringContaining(title))
    return found as Report
  }

  it('a slow call names the statement that it ran for each row', async () => {
    const service = await startGuideProgram(page, 'orders', { folder: newFolder() })
    expect((await service.ask('/orders')).status).toBe(200)
    const { data, facts } = await reportOf(service, 'GET /orders calltime exceeded 50 millisec!')
    const { queries } = data as unknown as SlowCallReport
    expect(queries?.count).toBe(121)
    expect(queries?.share).toBeGreaterThan(0.5)
    expect(queries?.repeated).toEqual([
      expect.stringMatching(
        /^120 times SELECT article FROM order_lines WHERE order_id = \?, \d+ ms$/,
      ),
    ])
    expect(facts.log_lines).toEqual(
      expect.arrayContaining([expect.objectContaining({ message: 'Listing 120 orders' })]),
    )
  })

  it('a blocked event loop is told with its route and its file', async () => {
    const service = await startGuideProgram(page, 'orders', { folder: newFolder() })
    // V8 compiles an expression when it is used again, which is then five times as fast.
    for (const code of ['SPRING-26', 'WELCOME', 'TEA'])
      expect((await service.ask(`/coupons/${code}`)).body).toEqual({ isCoupon: true })
    // The loop is watched soon after the server listens, and not before.
    const block = () => service.ask(`/coupons/${'A'.repeat(29)}_`)
    const { data, trace } = await reportOf(
      service,
      'GET /coupons/:code blocked the event loop for',
      block,
    )
    expect(trace[0]).toMatch(/orders-\d+\.mjs:\d+:\d+/)
    expect(data).toMatchObject({ route: '/coupons/:code', end: 'ended' })
  })

  it('a crash has the line that threw, and the query that found no row', async () => {
    const service = await startGuideProgram(page, 'orders', { folder: newFolder() })
    expect((await service.ask('/totals')).status).toBe(500)
    const { facts, trace } = await reportOf(service, 'GET /totals')
    expect(trace[0]).toContain("Cannot read properties of undefined (reading 'id')")
    expect(facts.queries).toMatchObject({ count: 1, list: [{ rows: 0, errorCode: null }] })
  })
})
