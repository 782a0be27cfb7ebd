import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** What a shop asks for. */
interface StkPush {
  readonly Amount: number
  /** What the shop wants to be told again. */
  readonly Reference?: string
  readonly CallBackURL: string
}

/** A provider of mobile money: it takes a payment at once, and says later, by a callback, what became of it. */
export interface MobileMoneyProvider {
  readonly origin: string
  /** How it calls back before it answers the request itself: once, or until it is heard. @default 'not' */
  hastes: 'not' | 'once' | 'until heard'
  /** The statuses that its callbacks were answered with, in order. */
  readonly answers: number[]
  /** The ids of the payments that it has taken, in order. */
  readonly taken: string[]
  /** Calls back once, there or where it was asked to; the status of the answer. */
  callBack(checkoutRequestId: string, url?: string): Promise<number>
  /** Calls back until the answer is a 2xx, as such a provider does, while it is a 503; no more than 20 s. */
  deliver(checkoutRequestId: string): Promise<void>
}

const PATIENCE_MS = 20_000
const RETRY_MS = 25
const TRY_AGAIN = 503

/** Starts one; it stops when the test ends. It knows nothing of fastify-scs. */
export async function startMobileMoneyProvider(): Promise<MobileMoneyProvider> {
  const pushes = new Map<string, StkPush>()
  const answers: number[] = []
  const callBack = async (id: string, url?: string): Promise<number> => {
    const push = pushes.get(id)
    if (push === undefined) throw new Error(`no payment ${id}`)
    const answer = await fetch(url ?? push.CallBackURL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(callbackOf(id, push)),
    })
    await answer.text()
    answers.push(answer.status)
    return answer.status
  }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const push = (await json(request)) as StkPush
    const id = `ws_CO_2608202312002013${String(pushes.size).padStart(4, '0')}`
    pushes.set(id, push)
    if (provider.hastes === 'once') await callBack(id)
    if (provider.hastes === 'until heard') await provider.deliver(id)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        MerchantRequestID: `29115-34620561-${pushes.size}`,
        CheckoutRequestID: id,
        ResponseCode: '0',
        ResponseDescription: 'Success. Request accepted for processing',
      }),
    )
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const provider: MobileMoneyProvider = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hastes: 'not',
    answers,
    get taken() {
      return [...pushes.keys()]
    },
    callBack,
    deliver: async (id) => {
      const startedAt = performance.now()
      for (;;) {
        const status = await callBack(id)
        if (status < 300) return
        const isLate = performance.now() - startedAt > PATIENCE_MS
        if (status !== TRY_AGAIN || isLate) throw new Error(`${id} was answered with ${status}`)
        await setTimeout(RETRY_MS)
      }
    },
  }
  return provider
}

/** Of the order it says nothing but what it was asked to repeat: the provider does not know it. */
function callbackOf(id: string, { Amount, Reference }: StkPush): unknown {
  return {
    Body: {
      stkCallback: {
        CheckoutRequestID: id,
        Reference,
        ResultCode: 0,
        ResultDesc: 'The service request is processed successfully.',
        CallbackMetadata: {
          Item: [
            { Name: 'Amount', Value: Amount },
            { Name: 'MpesaReceiptNumber', Value: 'NLJ7RT61SV' },
            { Name: 'TransactionDate', Value: 20260823120115 },
          ],
        },
      },
    },
  }
}
