import { BLOCKING_PATH } from './coupons.js'

/** One request of the demo. */
export interface ScriptedRequest {
  /** What it shows. */
  readonly title: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const ann = { authorization: 'Bearer token-of-ann' }
const json = { 'content-type': 'application/json' }

const payments = [
  { title: 'A payment that the provider takes', number: '4242424242424242' },
  { title: 'A payment that it declines', number: '4000000000000002' },
  {
    title: 'A payment that it takes its time for: slow, and the report says why',
    number: '4000000000000101',
  },
  { title: 'A payment that it never answers', number: '4000000000000044' },
  {
    title: 'A payment whose money comes later: the record stays Authorized',
    number: '4000000000000259',
  },
]

/** What the demo asks of the service, in order. */
export const script: readonly ScriptedRequest[] = [
  { title: 'A request that works', method: 'GET', path: '/orders', headers: ann },
  {
    title: 'An audit event: the line is written before the answer',
    method: 'POST',
    path: '/orders',
    headers: { ...ann, ...json },
    body: '{"article":"tea","amount":2}',
  },
  {
    title: 'A registered error with details, thrown',
    method: 'POST',
    path: '/orders',
    headers: { ...ann, ...json },
    body: '{"article":"coffee","amount":1}',
  },
  {
    title: 'A request that fails its validation',
    method: 'POST',
    path: '/orders',
    headers: { ...ann, ...json },
    body: '{"article":"","amount":"many"}',
  },
  {
    title: 'A body that cannot be parsed',
    method: 'POST',
    path: '/orders',
    headers: { ...ann, ...json },
    body: '{"article":',
  },
  { title: 'abort(403)', method: 'DELETE', path: '/orders/1', headers: ann },
  { title: 'An unknown route', method: 'GET', path: '/nowhere' },
  { title: 'A known route with another method', method: 'PUT', path: '/orders', headers: ann },
  {
    title: 'A registered exception: 500 with its own id, the reason only in the log',
    method: 'GET',
    path: '/stock',
    headers: ann,
  },
  { title: 'A bug: a generic 500', method: 'GET', path: '/report', headers: ann },
  {
    title: 'The same for a client that accepts only problem details',
    method: 'GET',
    path: '/report',
    headers: { ...ann, accept: 'application/problem+json' },
  },
  { title: 'A 503 that is merely returned', method: 'GET', path: '/health', headers: ann },
  { title: 'A call slower than its limit of 50 ms', method: 'GET', path: '/export', headers: ann },
  {
    title:
      'A list that runs a query for each of its rows (N+1): too slow, and the report says how often',
    method: 'GET',
    path: '/orders/with-lines',
    headers: ann,
  },
  {
    title: 'A regular expression that blocks the event loop: reported with its file and line',
    method: 'GET',
    path: BLOCKING_PATH,
    headers: ann,
  },
  ...payments.map(({ title, number }, index) => ({
    title,
    method: 'POST',
    path: '/orders/2/payment',
    headers: { ...ann, ...json, 'idempotency-key': `pay-${index + 1}` },
    body: JSON.stringify({ amount: 1200, card: { number, cvc: '314' } }),
  })),
  {
    title: 'An answer of the provider that is a stream',
    method: 'GET',
    path: '/payments/settled',
    headers: ann,
  },
  {
    title: 'That payment, found by its key',
    method: 'GET',
    path: '/payments/pay-5',
    headers: ann,
  },
  {
    title: 'The webhook of the provider: it completes the payment by its key',
    method: 'POST',
    path: '/webhooks/payments',
    headers: { ...json, 'x-webhook-signature': 'sha256=9f86d081884c7d65' },
    body: '{"event":"evt_1","payment":"pay-5","order":"2"}',
  },
  { title: 'It is completed', method: 'GET', path: '/payments/pay-5', headers: ann },
  {
    title: 'An error of the customers service, passed on: its code, its text and its error id',
    method: 'GET',
    path: '/orders/2/customer',
    headers: ann,
  },
  { title: 'No token', method: 'GET', path: '/orders' },
  ...[1, 2, 3].map((attempt) => ({
    title: `A false token, attempt ${attempt}`,
    method: 'GET',
    path: '/orders',
    headers: { authorization: `Bearer guess-${attempt}` },
  })),
  { title: 'The extension stops the address', method: 'GET', path: '/orders', headers: ann },
]
