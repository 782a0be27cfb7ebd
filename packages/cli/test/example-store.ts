import { openStore } from '@fastify-scs/console/read'
import type { Store } from '@fastify-scs/store'

const AT = Date.parse('2026-11-26T10:04:07.120Z')
const FINGERPRINT = 'c33b9c331522eadf'
const REQUEST = '4168c967-79e0-4772-9a24-8274dcbad7c5'
const CHARGES = 'https://api.stripe.test/v1/charges'

/** Writes the store that the README shows: always the same one. */
export async function writeExampleStore(url: string): Promise<void> {
  const { store, close } = await openStore(url, { readOnly: false })
  writeReports(store)
  writeCalls(store)
  writeEvents(store)
  const seen = { firstSeenAt: AT - 3_600_000, lastSeenAt: AT, canReport: true, occurrences: 12 }
  const named = { title: TITLE, kind: 'fatal', release: '1.4.0', users: ['ada', 'bob'] } as const
  const rules = { growth: 2, quietMs: 3_600_000 }
  await store.countGroups([{ ...seen, ...named, fingerprint: FINGERPRINT }], rules)
  await store.flush()
  await close()
}

const TITLE =
  'FATAL BACKEND ERROR orders 500 SERVER_ERROR: POST /orders: the order 42 has no customer'

function writeReports(store: Store): void {
  store.write({
    kind: 'reports',
    id: '01a21911-110d-7715-b339-1e6c6b7a42ab',
    createdAt: AT,
    revision: 0,
    keys: {
      ...{ service: 'orders', status: 'fatal', statusCode: 500, fingerprint: FINGERPRINT },
      ...{ requestId: REQUEST, remoteId: '5429a281-916d-48de-b5fe-8d5049b0d973', user: 'ada' },
      ...{ route: 'POST /orders', release: '1.4.0', durationMs: 135.7, summary: TITLE },
    },
    data: {
      title: TITLE,
      trace: [
        'Error: the order 42 has no customer',
        '    at placeOrder (file:///app/src/orders.ts:18:11)',
      ],
      code: [
        {
          ...{ file: 'src/orders.ts', line: 18, column: 11, first_line: 17 },
          lines: [
            '  const customer = await customers.find(order.customerId)',
            '  throw new MissingCustomerError(order.id)',
            '}',
          ],
        },
      ],
      request: { id: REQUEST, method: 'POST', url: '/orders', route: '/orders', body: { id: 42 } },
      response: { status: 500, error_code: 'SERVER_ERROR' },
      time: {
        start: new Date(AT - 136).toISOString(),
        end: new Date(AT).toISOString(),
        microsecs: 135_700,
      },
    },
    importance: 'high',
  })
}

function writeCalls(store: Store): void {
  store.write({
    kind: 'integration_requests',
    id: '01a21911-109c-7603-a7ca-885e6fec94c6',
    createdAt: AT - 112,
    revision: 0,
    keys: {
      ...{ service: 'stripe', status: 'Failed', statusCode: 402, user: 'ada', durationMs: 88 },
      ...{ requestId: REQUEST, referenceType: 'Order', referenceId: '42' },
    },
    data: { method: 'POST', url: CHARGES, isRemoteRequest: true, error: { code: 'card_declined' } },
    importance: 'normal',
  })
}

function writeEvents(store: Store): void {
  const message = 'ada placed the order 42'
  store.write({
    kind: 'audit_events',
    id: '01a21911-109b-70cf-a2d0-35ed4e89c79a',
    createdAt: AT - 121,
    revision: 0,
    keys: {
      ...{ service: 'orders', level: 'INFO', fingerprint: 'order-placed', user: 'ada' },
      ...{ requestId: REQUEST, summary: message },
    },
    data: {
      ...{ level: 'INFO', date: new Date(AT - 121).toISOString(), message, source: 'orders' },
      event: { type: 'order-placed', details: { user: 'ada', order: 42, path: '/orders' } },
    },
    importance: 'high',
  })
}
