import type { ReportKind } from '@fastify-scs/core/kit'
import type { CauseReport } from '@fastify-scs/error-reporter'
import type { AuditName } from './audit-record.js'
import type { CallName } from './call-kinds.js'
import type { CallTurn } from './call-record.js'
import { framesAt } from './frames.js'
import type { RouteName } from './routes.js'

/** A call that is made before a request fails, or is slow. */
export interface FaultCall extends CallTurn {
  readonly name: CallName
}

/** What went wrong again and again in the week: a group of reports. */
export interface Fault {
  /** Names it among the faults; its fingerprint is made of it. */
  readonly name: string
  readonly kind: ReportKind
  readonly routeName: RouteName
  /** The service that reports it. @default 'orders' */
  readonly service?: string
  readonly errorName: string
  readonly message: string
  readonly code: string | null
  readonly status: number
  readonly errorCode: string
  readonly trace: readonly string[]
  readonly causes?: readonly CauseReport[]
  /** Occurrences of a busy hour, so many hours ago; 0 where it did not occur. */
  perHour(hoursAgo: number): number
  readonly calls?: readonly FaultCall[]
  readonly audit?: AuditName
  /** Of a slow or stuck call: how long it usually takes, in milliseconds. */
  readonly medianMs?: number
}

const cause = (
  name: string,
  message: string,
  code: string | null,
  trace: readonly string[],
): CauseReport => ({ name, message, code, trace: [`${name}: ${message}`, ...trace] })

const since = (hours: number, perHour: number) => (hoursAgo: number) =>
  hoursAgo < hours ? perHour : 0
const between = (from: number, to: number, perHour: number) => (hoursAgo: number) =>
  hoursAgo <= from && hoursAgo > to ? perHour : 0

/** The crashes of the week. */
export const CRASHES: readonly Fault[] = [
  {
    name: 'customer-without-address',
    kind: 'fatal',
    routeName: 'customer',
    errorName: 'TypeError',
    message: "Cannot read properties of null (reading 'street')",
    code: null,
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: framesAt(
      'formatAddress',
      'customers/address-label.ts:31:38',
      'customers/routes.ts:54:20',
    ),
    // New with 1.4.0.
    perHour: since(26, 9),
    calls: [{ name: 'customer' }],
  },
  {
    name: 'provider-silent',
    kind: 'fatal',
    routeName: 'payment',
    errorName: 'PaymentsProviderSilent',
    message: 'The payment provider does not answer; nothing was charged',
    code: 'payments-provider-silent',
    status: 504,
    errorCode: 'PAYMENTS_PROVIDER_SILENT',
    trace: framesAt('charge', 'payments/charge.ts:48:13', 'payments/routes.ts:71:24'),
    causes: [
      cause('TimeoutError', 'The operation was aborted due to timeout', '23', [
        '    at new DOMException (node:internal/per_context/domexception:53:5)',
        '    at Timeout._onTimeout (node:internal/abort_controller:150:7)',
      ]),
    ],
    perHour: (hoursAgo) => (hoursAgo <= 52 && hoursAgo > 49 ? 38 : 0.4),
    calls: [{ name: 'stock' }, { name: 'charge', timeoutMs: 1_500 }],
  },
  {
    name: 'stock-database-away',
    kind: 'fatal',
    routeName: 'place',
    errorName: 'StockUnreachable',
    message: 'connect postgres://[redacted]@10.0.0.7/stock refused',
    code: 'ECONNREFUSED',
    status: 500,
    errorCode: 'ORDERS_STOCK_UNREACHABLE',
    trace: framesAt('reserve', 'stock/reservation.ts:22:11', 'orders/place-order.ts:40:18'),
    causes: [
      {
        ...cause('AggregateError', '', 'ECONNREFUSED', [
          '    at internalConnectMultiple (node:net:1122:18)',
          '    at afterConnectMultiple (node:net:1689:7)',
        ]),
        errors: [
          cause('Error', 'connect ECONNREFUSED ::1:5432', 'ECONNREFUSED', [
            '    at createConnectionError (node:net:1652:14)',
          ]),
          cause('Error', 'connect ECONNREFUSED 10.0.0.7:5432', 'ECONNREFUSED', [
            '    at createConnectionError (node:net:1652:14)',
          ]),
        ],
      },
    ],
    perHour: between(98, 96, 140),
    audit: 'ordered',
  },
  {
    name: 'invalid-date',
    kind: 'fatal',
    routeName: 'daily',
    errorName: 'RangeError',
    message: 'Invalid time value',
    code: null,
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: [
      '    at Date.toISOString (<anonymous>)',
      ...framesAt('dayOf', 'reports/calendar.ts:17:26', 'reports/daily.ts:63:9'),
    ],
    // Mended in 1.3.1, and there again since 1.4.0.
    perHour: (hoursAgo) => (hoursAgo > 74 ? 2.5 : hoursAgo < 22 ? 1.5 : 0),
    audit: 'exported',
  },
  {
    name: 'empty-webhook',
    kind: 'fatal',
    routeName: 'webhook',
    errorName: 'SyntaxError',
    message: 'Unexpected end of JSON input',
    code: null,
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: [
      '    at JSON.parse (<anonymous>)',
      ...framesAt(
        'readNotification',
        'payments/notification.ts:12:21',
        'payments/webhook.ts:29:17',
      ),
    ],
    perHour: () => 3,
    calls: [{ name: 'paid', isFailed: true }],
    audit: 'tampered',
  },
  {
    name: 'deadlock',
    kind: 'fatal',
    routeName: 'place',
    errorName: 'QueryFailedError',
    message: 'Deadlock found when trying to get lock; try restarting transaction',
    code: 'ER_LOCK_DEADLOCK',
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: framesAt(
      'OrderTable.insert',
      'orders/order-table.ts:88:11',
      'orders/place-order.ts:52:5',
    ),
    causes: [
      cause(
        'Error',
        'Deadlock found when trying to get lock; try restarting transaction',
        'ER_LOCK_DEADLOCK',
        ['    at PromisePool.query (/srv/orders/node_modules/mysql2/lib/promise/pool.js:36:22)'],
      ),
    ],
    perHour: () => 0.7,
    calls: [{ name: 'stock' }],
    audit: 'ordered',
  },
  {
    name: 'label-away',
    kind: 'non-fatal',
    routeName: 'shipment',
    errorName: 'SocketError',
    message: 'The label could not be fetched and will be tried again: other side closed',
    code: 'UND_ERR_SOCKET',
    status: 202,
    errorCode: 'ACCEPTED',
    trace: framesAt('fetchLabel', 'shipments/label.ts:37:9', 'shipments/routes.ts:26:13'),
    perHour: () => 1.6,
    calls: [{ name: 'shipment', isFailed: true }],
  },
  {
    name: 'total-differs',
    kind: 'non-fatal',
    routeName: 'place',
    errorName: 'AssertionError',
    message: 'The total of the order, 1999, differs from the sum of its lines, 1998',
    code: 'ERR_ASSERTION',
    status: 201,
    errorCode: 'CREATED',
    trace: framesAt('assertTotal', 'orders/totals.ts:44:10', 'orders/place-order.ts:61:3'),
    perHour: (hoursAgo) => (hoursAgo > 30 ? 1.2 : 0),
    calls: [{ name: 'stock' }, { name: 'mail' }],
    audit: 'ordered',
  },
  {
    name: 'missing-glyph',
    kind: 'fatal',
    routeName: 'invoice',
    errorName: 'PdfError',
    message: 'The font Inter has no glyph for U+1F375, which the field "article" contains',
    code: 'ERR_MISSING_GLYPH',
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: framesAt('Font.encode', 'invoices/font.ts:120:15', 'invoices/render-invoice.ts:75:20'),
    perHour: since(127, 0.9),
    calls: [{ name: 'archive' }],
  },
  {
    name: 'ledger-closed',
    kind: 'fatal',
    routeName: 'customer',
    service: 'customers',
    errorName: 'LedgerClosedError',
    message: 'table ledger is locked by the nightly job',
    code: 'LEDGER_CLOSED',
    status: 503,
    errorCode: 'LEDGER_CLOSED',
    trace: framesAt('Ledger.open', 'ledger/ledger.ts:19:13', 'customers/lookup.ts:33:27'),
    perHour: (hoursAgo) => (hoursAgo % 24 < 1 ? 14 : 0),
    calls: [{ name: 'customer', isFailed: true }],
  },
  {
    name: 'total-required',
    kind: 'fatal',
    routeName: 'order',
    errorName: 'Error',
    message: '"total" is required!',
    code: 'FST_ERR_RESPONSE_SERIALIZATION',
    status: 500,
    errorCode: 'SERVER_ERROR',
    trace: framesAt('anonymous0', 'orders/order-schema.ts:3:7', 'orders/routes.ts:31:12'),
    perHour: between(126, 76, 4),
  },
]

/** The calls of the week that took too long. */
export const SLOW_CALLS: readonly Fault[] = (
  [
    {
      routeName: 'payment',
      kind: 'slow',
      medianMs: 780,
      perHour: (ago: number) => (ago <= 52 && ago > 48 ? 26 : 2),
      calls: [{ name: 'charge', durationMs: 640 }],
    },
    {
      routeName: 'customer',
      kind: 'slow',
      medianMs: 390,
      perHour: since(26, 6),
      calls: [{ name: 'customer', durationMs: 340 }],
    },
    {
      routeName: 'export',
      kind: 'slow',
      medianMs: 2_100,
      perHour: () => 0.8,
      calls: [],
      audit: 'exported',
    },
    {
      routeName: 'daily',
      kind: 'slow',
      medianMs: 1_450,
      perHour: () => 0.5,
      calls: [{ name: 'stock' }],
    },
    {
      routeName: 'shipment',
      kind: 'stuck',
      medianMs: 31_000,
      perHour: (ago: number) => (ago % 40 < 2 ? 1.4 : 0),
      calls: [{ name: 'shipment', timeoutMs: 30_000 }],
    },
  ] as const
).map((slow) => ({
  name: `${slow.kind}-${slow.routeName}`,
  errorName: '',
  message: '',
  code: null,
  status: 200,
  errorCode: '',
  trace: [],
  ...slow,
}))
