import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

// The payment provider stands for another company's service: it does not use fastify-scs. The card decides what it answers.

interface Charge {
  readonly amount: number
  readonly card: { readonly number: string; readonly cvc: string }
}

/** A running payment provider. */
export interface PaymentProvider {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly origin: string
  close(): void
}

/** Starts the payment provider on a free port. */
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
  // A provider that does not answer.
  if (card.number.endsWith('0044')) return
  // A provider that answers late.
  if (card.number.endsWith('0101')) await setTimeout(800)
  // A payment that settles later.
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

import scsPlugin, { ServiceError, scsLogger } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import Fastify from 'fastify'

// The customers service stands for another service of the same company: it answers with PyMacaron's Error model.

class LedgerClosedError extends ServiceError {
  static override readonly code = 'LEDGER_CLOSED'
  static override readonly status = 503
}

/** A running customers service. */
export interface CustomersService {
  /** Where it listens: `http://127.0.0.1:<port>`. */
  readonly origin: string
  close(): Promise<void>
}

/** Starts the customers service on a free port. */
export async function startCustomersService(logPath: string): Promise<CustomersService> {
  const app = Fastify({ logger: scsLogger({ source: 'customers', file: { path: logPath } }) })
  await app.register(scsPlugin, { source: 'customers', errorFormat: 'pymacaron', audit: false })
  await app.register(errorReporter, { environment: 'demo' })
  app.get('/orders/:id/customer', async () => {
    throw new LedgerClosedError('The books are being closed; please come back in an hour', {
      description: 'table ledger is locked by the nightly job',
    })
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  return { origin, close: () => app.close() }
}
