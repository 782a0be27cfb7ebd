import type { IntegrationPage, IntegrationRecord } from '@fastify-scs/integration-log'
import { expect } from 'vitest'
import type { Place } from './databases.js'
import { type MobileMoneyProvider, startMobileMoneyProvider } from './mobile-money-provider.js'
import { type StoryProcess, startStory } from './story-process.js'

/** What is ordered. */
export const order = { id: 'SO-0001', amount: 250, phone: '254708374149' }

/** A completed payment, with what the shop and the callback have put into it. */
export const completed = {
  service: 'mpesa',
  description: 'Payment',
  status: 'Completed',
  reference: { type: 'Order', id: 'SO-0001' },
  data: {
    amount: 250,
    MerchantRequestID: '29115-34620561-1',
    Amount: 250,
    MpesaReceiptNumber: 'NLJ7RT61SV',
    TransactionDate: 20260823120115,
  },
  output: { ResultDesc: 'The service request is processed successfully.' },
  error: null,
}

/** The parts of the story that run. */
export interface Story extends Place {
  readonly provider: MobileMoneyProvider
  readonly callbacks: StoryProcess
  /** Starts another process that can be called back; its URL. */
  openCallbacks(
    options?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly process: StoryProcess; readonly url: string }>
  /** Starts the shop. */
  openShop(options?: Readonly<Record<string, unknown>>): Promise<StoryProcess>
}

/** Starts the provider and the process that it calls back. */
export async function begin(place: Place): Promise<Story> {
  const provider = await startMobileMoneyProvider()
  const shared = { url: place.url, provider: provider.origin }
  const openCallbacks: Story['openCallbacks'] = async (options) => {
    const process = await startStory('callbacks', place.folder, { ...shared, ...options })
    return { process, url: `${process.address}/callbacks/mpesa` }
  }
  const { process: callbacks, url: callback } = await openCallbacks()
  return {
    ...place,
    provider,
    callbacks,
    openCallbacks,
    openShop: (options) => startStory('shop', place.folder, { ...shared, callback, ...options }),
  }
}

/** Orders, and returns the provider's id of the payment. */
export async function take(shop: StoryProcess): Promise<string> {
  const { status, body } = await shop.ask('/orders', order)
  expect(status).toBe(202)
  return (body as { payment: string }).payment
}

/** A payment by its key, as a process sees it. */
export async function paymentIn(story: StoryProcess, key: string): Promise<IntegrationRecord> {
  return (await story.ask(`/payments/${encodeURIComponent(key)}`)).body as IntegrationRecord
}

/** What a process finds, oldest first. */
export async function foundIn(
  story: StoryProcess,
  path: string,
): Promise<readonly IntegrationRecord[]> {
  const { items, ...rest } = (await story.ask(path)).body as IntegrationPage
  expect(rest).toEqual({})
  return items.toReversed()
}

/** Everything that a process finds of a completed payment. */
export async function expectCompleted(shop: StoryProcess, key: string): Promise<void> {
  const payment = await paymentIn(shop, key)
  expect(payment).toMatchObject({ ...completed, key })
  expect(await foundIn(shop, `/found/${key}`)).toEqual([payment])
}
