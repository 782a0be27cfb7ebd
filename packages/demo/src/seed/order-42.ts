import type { StoreRecord } from '@fastify-scs/core/kit'
import { makeAuditEvent } from './audit-record.js'
import type { CallName } from './call-kinds.js'
import { makeCall } from './call-record.js'
import { makeRequest } from './request-facts.js'
import type { RouteName } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { HOUR_MS, MINUTE_MS, PEOPLE } from './setting.js'
import { sentAgain } from './stories.js'

/** All that befell one order: a declined card, a parcel that was booked at the second attempt, a refund. */
export function* orderOf42(random: SeededRandom, now: number): Generator<StoreRecord> {
  const [person] = PEOPLE
  const requestAt = (routeName: RouteName, hoursAgo: number, minutes = 0) =>
    makeRequest(random, routeName, now - hoursAgo * HOUR_MS + minutes * MINUTE_MS, now, {
      orderId: '42',
      person,
    })
  const placed = requestAt('place', 20)
  yield makeAuditEvent(random, placed, 'ordered', placed.at + 3, {
    amount: 2,
    article: 'a tea pot',
  })
  const steps: readonly (readonly [RouteName, CallName, hoursAgo: number, minutes: number])[] = [
    ['place', 'mail', 20, 1],
    ['payment', 'charge', 20, 4],
    ['webhook', 'paid', 20, 5],
    ['shipment', 'shipment', 17, 2],
    ['tracking', 'tracked', 9, 0],
    ['tracking', 'tracked', 4, 0],
    ['refund', 'refund', 2, 0],
  ]
  const declined = requestAt('payment', 20, 3)
  yield makeCall(random, declined, 'charge', declined.at + 4, { isFailed: true })
  const lost = requestAt('shipment', 18)
  const booking = makeCall(random, lost, 'shipment', lost.at + 6, { isFailed: true })
  yield* sentAgain(random, lost, 'shipment', booking)
  for (const [routeName, callName, hoursAgo, minutes] of steps) {
    const request = requestAt(routeName, hoursAgo, minutes)
    yield makeCall(random, request, callName, request.at + 5)
    if (routeName === 'refund')
      yield makeAuditEvent(random, request, 'refunded', request.at + 2, {
        reason: 'arrived broken',
      })
  }
}
