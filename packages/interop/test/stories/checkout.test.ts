import type { IntegrationRecord } from '@fastify-scs/integration-log'
import { describe, expect, it, vi } from 'vitest'
import { ENGINES, type Place, placesOn } from './databases.js'
import { type StoryProcess, startStory } from './story-process.js'

/*
 * A payment as PayPal does it: the customer's return page authorizes it and the provider's webhook completes it, at the same time.
 * Both have read the payment before either changes it.
 */

vi.setConfig({ testTimeout: 180_000 })

const orders = ['the return page first', 'the webhook first', 'both at once'] as const

/** How often each order is tried: what is decided by chance more often than what is not. */
const ROUNDS = { 'the return page first': 5, 'the webhook first': 5, 'both at once': 30 }

/** When a page changed the payment, by the clock of its process. */
interface Change {
  readonly from: number
  readonly to: number
  readonly record: IntegrationRecord
}

interface Pages {
  readonly returns: StoryProcess
  readonly webhooks: StoryProcess
}

/** The processes that serve the two pages; with one they are the same. */
async function servePages(place: Place, processes: number): Promise<Pages> {
  const returns = await startStory('checkout', place.folder, { url: place.url })
  const webhooks =
    processes === 1 ? returns : await startStory('checkout', place.folder, { url: place.url })
  return { returns, webhooks }
}

async function order({ returns }: Pages, token: string): Promise<void> {
  expect((await returns.ask('/orders', { id: `order of ${token}`, token })).status).toBe(201)
}

async function flush(...processes: readonly StoryProcess[]): Promise<void> {
  for (const each of processes) expect((await each.ask('/flush')).body).toBe(true)
}

/** Lets both pages read the payment, and then change it in this order. */
async function settle(
  pages: Pages,
  token: string,
  how: (typeof orders)[number],
): Promise<Change[]> {
  const gates = { returns: `return of ${token}`, webhooks: `webhook of ${token}` }
  const payer = `payer of ${token}`
  const query = new URLSearchParams({ token, payer, gate: gates.returns })
  const answers = {
    returns: pages.returns.ask(`/return?${query}`),
    webhooks: pages.webhooks.ask('/webhooks/paypal', {
      token,
      capture: `capture of ${token}`,
      gate: gates.webhooks,
    }),
  }
  const names = ['returns', 'webhooks'] as const
  for (const name of names) {
    const isThere = pages[name].untilTold(({ reached }: { reached?: string }) => {
      return reached === gates[name]
    })
    // A page that fails does not get there.
    await Promise.race([isThere, answers[name].then(expectSuccess)])
  }
  for (const name of how === 'the webhook first' ? names.toReversed() : names) {
    pages[name].child.send({ open: gates[name] })
    if (how !== 'both at once') await answers[name]
  }
  return (await Promise.all([answers.returns, answers.webhooks])).map(expectSuccess)
}

function expectSuccess(answer: { status: number; body: unknown }): Change {
  expect(answer).toMatchObject({ status: 200 })
  return answer.body as Change
}

/** The status that the payment has in the end; either where the clocks of the processes do not tell which change was the last. */
function lastStatusOf([authorized, captured]: readonly Change[]): readonly string[] {
  if (authorized === undefined || captured === undefined) throw new Error('a page has not answered')
  if (authorized.to < captured.from) return ['Completed']
  if (captured.to < authorized.from) return ['Authorized']
  return ['Authorized', 'Completed']
}

async function paymentIn(page: StoryProcess, token: string): Promise<IntegrationRecord> {
  return (await page.ask(`/payments/${token}`)).body as IntegrationRecord
}

describe.each(ENGINES)('on %s', (engine) => {
  const newPlace = placesOn(engine)

  describe.each([1, 2])('with the pages in %i process(es)', (processes) => {
    it.each(orders)(
      `return page and webhook have both read the payment; %s: the last change wins, and no field is lost`,
      async (how) => {
        const pages = await servePages(newPlace(), processes)
        const tokens = Array.from({ length: ROUNDS[how] }, (_, round) => `EC-4JL2000${round}`)
        for (const token of tokens) await order(pages, token)
        await flush(pages.returns)
        const changes = new Map<string, readonly Change[]>()
        for (const token of tokens) changes.set(token, await settle(pages, token, how))
        await flush(pages.returns, pages.webhooks)
        for (const token of tokens) {
          const payment = await paymentIn(pages.returns, token)
          const given = changes.get(token) ?? []
          expect(payment).toMatchObject({
            key: token,
            data: { order: `order of ${token}`, payer: `payer of ${token}` },
            output: { capture: `capture of ${token}` },
          })
          expect(lastStatusOf(given)).toContain(payment.status)
          expect(await paymentIn(pages.webhooks, token)).toEqual(payment)
        }
      },
    )
  })

  it.each(['the return page', 'the webhook'])(
    'a page that reads what %s has stored before comes after it, whatever the clocks of the processes say',
    async (first) => {
      const pages = await servePages(newPlace(), 2)
      for (let round = 0; round < 10; round++) {
        const token = `EC-5TY5901${round}`
        await order(pages, token)
        await flush(pages.returns)
        const calls = [
          () => pages.returns.ask(`/return?token=${token}&payer=ann`),
          () => pages.webhooks.ask('/webhooks/paypal', { token, capture: 'c-1' }),
        ]
        for (const call of first === 'the webhook' ? calls.toReversed() : calls) {
          expectSuccess(await call())
          await flush(pages.returns, pages.webhooks)
        }
        const status = first === 'the webhook' ? 'Authorized' : 'Completed'
        const data = { order: `order of ${token}`, payer: 'ann' }
        const payment = { key: token, status, data, output: { capture: 'c-1' } }
        expect(await paymentIn(pages.returns, token)).toMatchObject(payment)
        expect(await paymentIn(pages.webhooks, token)).toMatchObject(payment)
      }
    },
  )
})
