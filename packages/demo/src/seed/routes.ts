import type { SeededRandom } from './seeded-random.js'

/** A route of the service, and how it behaves. */
export interface SeedRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** The pattern. */
  readonly pattern: string
  readonly medianMs: number
  /** From which on a call counts as slow. */
  readonly limitMs: number
  /** Calls of a busy minute. */
  readonly callsPerMinute: number
}

const route = (
  method: SeedRoute['method'],
  pattern: string,
  medianMs: number,
  callsPerMinute: number,
  limitMs = 1000,
): SeedRoute => ({ method, pattern, medianMs, callsPerMinute, limitMs })

/** The routes that were called in the week. */
export const ROUTES = {
  orders: route('GET', '/orders', 14, 60),
  withLines: route('GET', '/orders/with-lines', 190, 2, 50),
  order: route('GET', '/orders/:id', 8, 45),
  article: route('GET', '/articles/:sku', 5, 80),
  place: route('POST', '/orders', 38, 18),
  payment: route('POST', '/orders/:id/payment', 210, 9, 500),
  refund: route('POST', '/orders/:id/refund', 160, 1),
  customer: route('GET', '/orders/:id/customer', 44, 14, 250),
  shipment: route('POST', '/orders/:id/shipment', 260, 6),
  invoice: route('GET', '/orders/:id/invoice.pdf', 150, 4),
  coupon: route('GET', '/coupons/:code', 3, 7),
  daily: route('GET', '/reports/daily', 380, 0.6),
  export: route('GET', '/export', 720, 0.3),
  webhook: route('POST', '/webhooks/payments', 9, 8),
  tracking: route('POST', '/webhooks/shipping', 11, 5),
  role: route('POST', '/users/:id/role', 21, 0.1),
} satisfies Record<string, SeedRoute>

/** The name of a route. */
export type RouteName = keyof typeof ROUTES

/** Method and pattern, as records are keyed by. */
export function routeKey({ method, pattern }: SeedRoute): string {
  return `${method} ${pattern}`
}

/** A path that the route matches. */
export function pathOf({ pattern }: SeedRoute, orderId: string, random: SeededRandom): string {
  return pattern
    .replace(':id', orderId)
    .replace(':code', `SPRING-${random.whole(20, 26)}`)
    .replace(':sku', `tea-${random.whole(100, 180)}`)
}
