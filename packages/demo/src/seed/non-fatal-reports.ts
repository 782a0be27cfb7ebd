import type { Fault } from './faults.js'
import { framesAt } from './frames.js'

/** What the service reported in the week without failing. */
export const NON_FATAL_REPORTS: readonly Fault[] = [
  {
    name: 'label-away',
    kind: 'non-fatal',
    routeName: 'shipment',
    errorName: 'SocketError',
    message: 'The label could not be fetched and will be tried again: other side closed',
    code: 'UND_ERR_SOCKET',
    status: 202,
    errorCode: 'ACCEPTED',
    trace: framesAt('fetchLabel', 'shipments/label.ts:37:11', 'shipments/routes.ts:26:13'),
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
    statements: [
      { text: 'SELECT cents FROM articles WHERE sku = ?', times: 6, medianMs: 1.3, rows: 1 },
      { text: 'INSERT INTO orders (id, total) VALUES (?)', medianMs: 2.2, rows: 1 },
    ],
  },
]
