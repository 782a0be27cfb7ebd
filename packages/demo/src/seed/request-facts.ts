import { pathOf, ROUTES, type RouteName, routeKey } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { HOUR_MS, INSTANCES, PEOPLE, type Person, releaseAt } from './setting.js'

/** What is known of one request of the week; all of its records share it. */
export interface RequestFacts {
  readonly id: string
  readonly traceId: string
  readonly spanId: string
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
  readonly routeName: RouteName
  readonly method: string
  /** The pattern. */
  readonly pattern: string
  /** Method and pattern. */
  readonly route: string
  readonly path: string
  readonly orderId: string
  /** Null for a request without a user, such as a webhook. */
  readonly person: Person | null
  readonly instance: string
  readonly release: string
}

/** Makes up a request. */
export function makeRequest(
  random: SeededRandom,
  routeName: RouteName,
  at: number,
  now: number,
  known: { readonly orderId?: string; readonly person?: Person } = {},
): RequestFacts {
  const route = ROUTES[routeName]
  const orderId = known.orderId ?? String(random.whole(3, 900))
  const instance = random.pick(INSTANCES)
  const isWebhook = route.pattern.startsWith('/webhooks/')
  return {
    id: `${instance}-${random.hex(6)}`,
    traceId: random.hex(32),
    spanId: random.hex(16),
    at,
    routeName,
    method: route.method,
    pattern: route.pattern,
    route: routeKey(route),
    path: pathOf(route, orderId, random),
    orderId,
    person: isWebhook ? null : (known.person ?? random.pick(PEOPLE)),
    instance,
    release: releaseAt((now - at) / HOUR_MS),
  }
}

/** The keys that all records of a request have. */
export function keysOf({ id, traceId, route, release, person }: RequestFacts) {
  return {
    requestId: id,
    traceId,
    route,
    release,
    ...(person === null ? {} : { user: person.id }),
  }
}
