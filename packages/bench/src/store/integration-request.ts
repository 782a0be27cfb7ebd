import type { StoreRecord } from '@fastify-scs/store/adapter'

const HEADERS = {
  accept: 'application/json',
  authorization: '[redacted]',
  'content-type': 'application/json; charset=utf-8',
  host: 'api.payments.example',
  'idempotency-key': '5b1c3d0e-7a52-4f0c-9d7e-2f6f4f1f7b11',
  'user-agent': 'orders/4.12.0 (undici)',
} as const

const ANSWER_HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  date: 'Tue, 03 Nov 2026 10:15:30 GMT',
} as const

const BODY = bytesOf({
  amount: { currency: 'EUR', value: 12_345 },
  reference: 'order-2026-000417',
  customer: { id: 'c-99812', name: 'Zoe Mueller', email: '[redacted]', country: 'DE' },
  lines: [
    { sku: 'TEA-GREEN-250', quantity: 2, price: 1_295, tax: 0.07 },
    { sku: 'POT-IRON-1200', quantity: 1, price: 9_755, tax: 0.19 },
  ],
  returnUrl: 'https://shop.example/orders/000417/paid',
})

const ANSWER = bytesOf({
  id: 'pay_7Qk2vXo1',
  status: 'authorised',
  links: { self: '/v2/payments/pay_7Qk2vXo1', capture: '/v2/payments/pay_7Qk2vXo1/capture' },
  risk: { score: 12, checks: ['address', 'velocity', 'device'] },
  createdAt: '2026-11-03T10:15:30.412Z',
})

let made = 0

/** A new record of a call to a payment service, 1.7 KB as JSON, such as a host writes for each outbound request. */
export function newIntegrationRequest(): StoreRecord {
  const order = made++
  const createdAt = Date.now()
  const url = `https://api.payments.example/v2/payments?order=${order}`
  const keys = {
    service: 'payments',
    status: 'Completed',
    statusCode: 201,
    requestId: `req-${order}`,
    referenceType: 'Order',
    referenceId: `order-${order % 5_000}`,
    user: `user-${order % 700}`,
    durationMs: 20 + (order % 180),
    summary: `POST ${url}`,
  }
  return {
    kind: 'integration_requests',
    id: idOf(createdAt, order),
    createdAt,
    revision: 1,
    keys,
    data: requestData(url, keys),
    sheddable: ['data', 'output'],
    importance: 'normal',
  }
}

function requestData(url: string, keys: StoreRecord['keys']): StoreRecord['data'] {
  return {
    service: 'payments',
    status: 'Completed',
    method: 'POST',
    url,
    requestId: keys.requestId ?? null,
    reference: { type: keys.referenceType ?? null, id: keys.referenceId ?? null },
    user: keys.user ?? null,
    requestHeaders: { ...HEADERS },
    // A text of its own, as a body that has just come in is.
    data: BODY.toString('latin1'),
    statusCode: 201,
    responseHeaders: { ...ANSWER_HEADERS },
    output: ANSWER.toString('latin1'),
    error: null,
    attempt: 1,
    durationMs: keys.durationMs ?? null,
  }
}

function bytesOf(body: object): Buffer {
  return Buffer.from(JSON.stringify(body), 'latin1')
}

/** That many new records. */
export function newIntegrationRequests(count: number): StoreRecord[] {
  return Array.from({ length: count }, newIntegrationRequest)
}

/** A UUID v7 that sorts by time, then by order: made here, so that these records can be written by other versions of the packages too. */
function idOf(createdAt: number, order: number): string {
  const time = createdAt.toString(16).padStart(12, '0')
  const count = order.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count}`
}
