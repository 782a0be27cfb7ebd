import type { CauseReport } from '@fastify-scs/error-reporter'
import { between, type Fault, since } from './faults.js'
import { framesAt } from './frames.js'

const cause = (
  name: string,
  message: string,
  code: string | null,
  trace: readonly string[],
): CauseReport => ({ name, message, code, trace: [`${name}: ${message}`, ...trace] })

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
      'customers/address-label.ts:31:43',
      'customers/routes.ts:54:19',
    ),
    // New with 1.4.0.
    perHour: since(26, 9),
    calls: [{ name: 'customer' }],
    statements: [
      { text: 'SELECT id, customer_id FROM orders WHERE id = ?', medianMs: 1.4, rows: 1 },
      { text: 'SELECT * FROM customers WHERE id = ?', medianMs: 1.1, rows: 1 },
    ],
    logLines: [['warn', 'The customer has no address; a label is made all the same']],
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
    trace: framesAt('charge', 'payments/charge.ts:48:11', 'payments/routes.ts:71:27'),
    causes: [
      cause('TimeoutError', 'The operation was aborted due to timeout', '23', [
        '    at new DOMException (node:internal/per_context/domexception:53:5)',
        '    at Timeout._onTimeout (node:internal/abort_controller:150:7)',
      ]),
    ],
    perHour: (hoursAgo) => (hoursAgo <= 52 && hoursAgo > 49 ? 38 : 0.4),
    calls: [{ name: 'stock' }, { name: 'charge', timeoutMs: 1_500 }],
    statements: [
      { text: 'SELECT * FROM orders WHERE id = ? FOR UPDATE', medianMs: 2.6, rows: 1 },
      { text: 'UPDATE orders SET state = ? WHERE id = ?', medianMs: 1.9, rows: 1 },
    ],
    logLines: [
      ['info', 'Charging an order'],
      ['warn', 'No answer of the payment provider after 1500 ms'],
    ],
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
    trace: framesAt('reserve', 'stock/reservation.ts:22:11', 'orders/place-order.ts:40:11'),
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
    statements: [
      {
        text: 'UPDATE stock SET reserved = reserved + ? WHERE article = ?',
        medianMs: 2.1,
        errorCode: 'ECONNREFUSED',
      },
    ],
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
      ...framesAt('dayOf', 'reports/calendar.ts:17:38', 'reports/daily.ts:63:15'),
    ],
    // Mended in 1.3.1, and there again since 1.4.0.
    perHour: (hoursAgo) => (hoursAgo > 74 ? 2.5 : hoursAgo < 22 ? 1.5 : 0),
    audit: 'exported',
    statements: [
      { text: 'SELECT settled_at, total FROM payments WHERE day = ?', medianMs: 18, rows: 412 },
    ],
    logLines: [['debug', 'Summing up 412 payments']],
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
        'payments/webhook.ts:29:22',
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
      'orders/place-order.ts:52:16',
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
    statements: [
      { text: 'START TRANSACTION', system: 'mysql', medianMs: 0.5 },
      {
        text: 'INSERT INTO order_lines (order_id, article, amount) VALUES ?',
        system: 'mysql',
        medianMs: 3,
        rows: 3,
      },
      {
        text: 'UPDATE stock SET touched_at = NOW() WHERE article IN (?)',
        system: 'mysql',
        medianMs: 46,
        errorCode: 'ER_LOCK_DEADLOCK',
      },
    ],
    logLines: [['info', 'Placing an order of 3 lines']],
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
    trace: framesAt('Font.encode', 'invoices/font.ts:120:25', 'invoices/render-invoice.ts:75:20'),
    perHour: since(127, 0.9),
    calls: [{ name: 'archive' }],
    statements: [
      {
        text: 'SELECT article, amount, cents FROM order_lines WHERE order_id = ?',
        medianMs: 2,
        rows: 3,
      },
    ],
    logLines: [
      ['info', 'Rendering an invoice'],
      ['warn', 'The font Inter has no bold face; the regular one is used'],
    ],
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
    trace: framesAt('Ledger.open', 'ledger/ledger.ts:19:25', 'customers/lookup.ts:33:30'),
    perHour: (hoursAgo) => (hoursAgo % 24 < 1 ? 14 : 0),
    calls: [{ name: 'customer', isFailed: true }],
    logLines: [['error', 'table ledger is locked by the nightly job']],
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
