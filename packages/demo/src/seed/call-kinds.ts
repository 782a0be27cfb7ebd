import type { IntegrationRecord } from '@fastify-scs/integration-log'
import type { RequestFacts } from './request-facts.js'
import type { SeededRandom } from './seeded-random.js'

/** What distinguishes the calls to and from one other service. */
export type CallContent = Pick<
  IntegrationRecord,
  'service' | 'isRemoteRequest' | 'method' | 'url' | 'description' | 'data' | 'output' | 'error'
> & {
  readonly statusCode: number | null
  readonly durationMs: number
  readonly sentType: string | null
  readonly receivedType: string | null
  readonly key?: string
  readonly remoteId?: string
  readonly missing?: readonly string[]
}

type MakeCall = (random: SeededRandom, request: RequestFacts, isFailed: boolean) => CallContent

const JSON_TYPE = 'application/json; charset=utf-8'
const XML_TYPE = 'text/xml; charset=utf-8'
const none = { data: null, output: null, error: null, sentType: null, receivedType: JSON_TYPE }

const charge: MakeCall = (random, { orderId }, isFailed) => {
  const remoteId = `ch_${random.hex(10)}`
  const amount = random.whole(300, 18_900)
  return {
    ...none,
    service: 'payments',
    isRemoteRequest: true,
    method: 'POST',
    url: 'https://api.payments.example/v1/charges',
    description: 'Charge',
    data: {
      amount,
      currency: 'eur',
      order: orderId,
      card: { number: '[redacted]', cvc: '[redacted]' },
    },
    sentType: JSON_TYPE,
    statusCode: isFailed ? 402 : 201,
    durationMs: random.latencyMs(190),
    key: `pay-${orderId}-${random.hex(4)}`,
    ...(isFailed
      ? { error: { error: { code: 'card_declined', message: 'Your card was declined.' } } }
      : {
          remoteId,
          output: { id: remoteId, amount, status: 'succeeded', client_secret: '[redacted]' },
        }),
  }
}

const refund: MakeCall = (random, { orderId }) => {
  const remoteId = `re_${random.hex(10)}`
  return {
    ...none,
    service: 'payments',
    isRemoteRequest: true,
    method: 'POST',
    url: `https://api.payments.example/v1/charges/ch_${random.hex(10)}/refund`,
    description: 'Refund',
    data: `order=${orderId}&reason=requested_by_customer&api_key=[redacted]`,
    sentType: 'application/x-www-form-urlencoded',
    output: { id: remoteId, object: 'refund', status: 'pending' },
    statusCode: 200,
    durationMs: random.latencyMs(150),
    remoteId,
  }
}

const customer: MakeCall = (random, { orderId }, isFailed) => ({
  ...none,
  service: 'customers',
  isRemoteRequest: true,
  method: 'GET',
  url: `http://customers.internal:8080/orders/${orderId}/customer`,
  description: null,
  statusCode: isFailed ? 503 : 200,
  durationMs: random.latencyMs(34),
  ...(isFailed
    ? {
        error: {
          error: 'LEDGER_CLOSED',
          user_message: 'The books are being closed; please come back in an hour',
        },
      }
    : {
        output: {
          id: `c-${random.whole(1, 400)}`,
          name: 'Mara Lindqvist',
          address: null,
          tags: ['newsletter'],
        },
      }),
})

const shipment: MakeCall = (random, { orderId }, isFailed) => ({
  ...none,
  service: 'shipping',
  isRemoteRequest: true,
  method: 'POST',
  url: 'https://soap.parcels.example/v3/shipments?account=[redacted]',
  description: 'Book a parcel',
  data: `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><bookParcel><reference>${orderId}</reference><weightGrams>${random.whole(120, 4_000)}</weightGrams><service>NEXT_DAY</service></bookParcel></soap:Body></soap:Envelope>`,
  sentType: XML_TYPE,
  receivedType: XML_TYPE,
  ...(isFailed
    ? {
        statusCode: null,
        durationMs: 10_004.2,
        receivedType: null,
        error: { name: 'SocketError', message: 'other side closed', code: 'UND_ERR_SOCKET' },
      }
    : {
        statusCode: 200,
        durationMs: random.latencyMs(230),
        remoteId: `JD${random.whole(10_000_000, 99_999_999)}`,
        output: `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><bookParcelResponse><tracking>JD${random.whole(10_000_000, 99_999_999)}</tracking><label>https://soap.parcels.example/labels/${random.hex(8)}.pdf</label></bookParcelResponse></soap:Body></soap:Envelope>`,
      }),
})

const stock: MakeCall = (random, _request, isFailed) => ({
  ...none,
  service: 'stock',
  isRemoteRequest: true,
  method: 'GET',
  url: `http://stock.internal:8080/v2/articles/tea-${random.whole(100, 180)}?warehouse=HAM`,
  description: 'Stock level',
  statusCode: isFailed ? 500 : 200,
  durationMs: random.latencyMs(7),
  ...(isFailed
    ? {
        receivedType: 'text/plain',
        error:
          'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
      }
    : {
        output: {
          available: random.whole(0, 40),
          reserved: random.whole(0, 6),
          lots: [{ lot: random.hex(6), best_before: '2027-06-30' }],
        },
      }),
})

const archive: MakeCall = (random, { orderId }) => ({
  ...none,
  service: 'archive',
  isRemoteRequest: true,
  method: 'PUT',
  url: `https://archive.example/invoices/2026/${orderId}.pdf`,
  description: 'Archive the invoice',
  data: { type: 'application/pdf', bytes: random.whole(18_000, 64_000), sha256: random.hex(64) },
  sentType: 'application/pdf',
  receivedType: null,
  statusCode: 204,
  durationMs: random.latencyMs(90),
})

const mail: MakeCall = (random, { orderId, person }, isFailed) => ({
  ...none,
  service: 'mail',
  isRemoteRequest: true,
  method: 'POST',
  url: 'https://api.mail.example/v4/messages',
  description: 'Confirm the order',
  data: {
    type: 'multipart/form-data',
    bytes: random.whole(2_000, 9_000),
    parts: [
      { name: 'to', value: `${person?.id ?? 'shop'}@example.org` },
      { name: 'subject', value: `Your order ${orderId}` },
      {
        name: 'attachment',
        filename: `order-${orderId}.pdf`,
        type: 'application/pdf',
        bytes: random.whole(900, 7_000),
      },
    ],
  },
  sentType: 'multipart/form-data; boundary=x',
  statusCode: isFailed ? 429 : 202,
  durationMs: random.latencyMs(64),
  ...(isFailed
    ? { error: { message: 'Rate limit exceeded', retry_after: 30 } }
    : { output: { queued: true, id: random.hex(12) } }),
})

const paid: MakeCall = (random, { orderId }, isFailed) => ({
  ...none,
  service: 'payments',
  isRemoteRequest: false,
  method: 'POST',
  url: 'https://orders.example/webhooks/payments',
  description: 'Payment Notification',
  data: isFailed ? null : { event: `evt_${random.hex(8)}`, type: 'charge.settled', order: orderId },
  sentType: JSON_TYPE,
  statusCode: isFailed ? 400 : 202,
  durationMs: random.latencyMs(6),
  key: `evt_${random.hex(12)}`,
  ...(isFailed
    ? { error: { error: { id: 'bad-request', message: 'Unexpected end of JSON input' } } }
    : { output: { received: true } }),
})

const tracked: MakeCall = (random, { orderId }) => ({
  ...none,
  service: 'shipping',
  isRemoteRequest: false,
  method: 'POST',
  url: 'https://orders.example/webhooks/shipping',
  description: 'Parcel scanned',
  data: `<scan><reference>${orderId}</reference><place>Hamburg 20457</place><state>IN_TRANSIT</state></scan>`,
  sentType: 'application/xml',
  output: 'ok',
  receivedType: 'text/plain; charset=utf-8',
  statusCode: 200,
  durationMs: random.latencyMs(5),
  key: `scan-${random.hex(10)}`,
})

/** The calls to and from other services, by what they are for. */
export const CALLS = {
  charge,
  refund,
  customer,
  shipment,
  stock,
  archive,
  mail,
  paid,
  tracked,
} satisfies Record<string, MakeCall>

/** The name of a kind of call. */
export type CallName = keyof typeof CALLS
