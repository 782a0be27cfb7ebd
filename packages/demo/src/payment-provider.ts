import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

/*
 * The provider of payments, another company's service as far as the demo goes: it knows nothing of fastify-scs. What it does
 * with a charge depends on the card.
 */

interface Charge {
  readonly amount: number
  readonly card: { readonly number: string; readonly cvc: string }
}

/** A running provider. */
export interface PaymentProvider {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly origin: string
  close(): void
}

/** Starts a provider on a free port. */
export async function startPaymentProvider(): Promise<PaymentProvider> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await listen(server)
  const { port } = server.address() as AddressInfo
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${port}`, close }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/v1/events') return stream(response)
  const { amount, card } = (await json(request)) as Charge
  const isDeclined = card.number.endsWith('0002')
  // This card shows what a provider does that is busy: nothing.
  if (card.number.endsWith('0044')) return
  // ... and this one what happens to a provider that is nearly so.
  if (card.number.endsWith('0101')) await setTimeout(800)
  // The money of this one comes later.
  const status = card.number.endsWith('0259') ? 'pending' : 'succeeded'
  const body = isDeclined
    ? { error: { code: 'card_declined', message: 'Your card was declined.' } }
    : { id: 'ch_1', amount, status, client_secret: 'ch_1_secret_jFqW' }
  response.writeHead(isDeclined ? 402 : 201, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function stream(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const charge of ['ch_1', 'ch_2', 'ch_3']) {
    response.write(`event: charge.settled\ndata: {"charge":"${charge}"}\n\n`)
    await setTimeout(20)
  }
  response.end()
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}
