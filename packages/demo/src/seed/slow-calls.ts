import { type Fault, since } from './faults.js'

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
      // A query of its own for the lines of each order, without an index.
      routeName: 'withLines',
      kind: 'slow',
      medianMs: 40,
      perHour: since(74, 1.5),
      calls: [],
      statements: [
        {
          text: 'SELECT id, customer FROM orders WHERE customer = ? ORDER BY id',
          medianMs: 1.2,
          rows: 24,
        },
        {
          text: 'SELECT article, amount FROM order_lines WHERE order_id = ?',
          times: 24,
          medianMs: 3.5,
          rows: 4,
        },
      ],
      logLines: [['info', 'Listing 24 orders with their lines']],
    },
    {
      routeName: 'export',
      kind: 'slow',
      medianMs: 2_100,
      perHour: () => 0.8,
      calls: [],
      audit: 'exported',
      statements: [
        {
          text: 'SELECT * FROM orders WHERE placed_at >= ? ORDER BY placed_at',
          medianMs: 1_700,
          rows: 8_214,
        },
      ],
    },
    {
      routeName: 'daily',
      kind: 'slow',
      medianMs: 1_450,
      perHour: () => 0.5,
      calls: [{ name: 'stock' }],
      statements: [
        { text: 'GET ?', system: 'redis', medianMs: 0.4 },
        {
          text: 'SELECT name, price FROM articles WHERE sku = ?',
          times: 180,
          medianMs: 6,
          rows: 1,
        },
        { text: 'SET ? ? EX ?', system: 'redis', medianMs: 0.4 },
      ],
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
