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
