import type { RouteOptions } from 'fastify'
import { RouteError } from '../errors.js'

/** A route that a service calls. */
export interface WebhookOptions {
  /** The service that calls; declared or not. */
  readonly service: string
  /** What the calls are: `Subscription Notification`. */
  readonly description?: string
}

/**
 * Reads what a route says under `integration`, as a route option or else in `config`.
 *
 * @throws SCS_INTEGRATION_ERR_ROUTE
 */
export function readWebhookOptions(route: RouteOptions): WebhookOptions | undefined {
  const given: unknown = route.integration ?? route.config?.integration
  if (given === undefined) return undefined
  if (isWebhookOptions(given)) return given
  const name = `${[route.method].flat().join(',')} ${route.url}`
  throw new RouteError(name, typeof given === 'object' ? 'other fields' : typeof given)
}

function isWebhookOptions(given: unknown): given is WebhookOptions {
  if (typeof given !== 'object' || given === null) return false
  const { service, description, ...others } = given as Record<string, unknown>
  const isDescribed = description === undefined || typeof description === 'string'
  const isNamed = typeof service === 'string' && service !== ''
  return isNamed && isDescribed && Object.keys(others).length === 0
}
