import { isObject, nearestHint, show } from '@fastify-scs/core/kit'
import type { FastifyRequest, RouteOptions } from 'fastify'
import { FieldError, RouteError } from '../errors.js'
import type { RecordHandle } from '../log/handle.js'
import { checkKey } from '../log/key-registry.js'
import { referenceIn } from '../log/log-fields.js'
import type { Reference } from '../record.js'

// A method, so that the function may name the type of the body that its route has.
interface RequestReader<Value> {
  read(request: FastifyRequest): Value | undefined
}

/** A value, or a function that returns it for a request. */
export type OfRequest<Value> = Value | RequestReader<Value>['read']

/** The option `integration` of a route that a service calls. */
export interface WebhookOptions {
  /** The service that calls the route; declared or not. */
  readonly service: string
  /** What the calls are: `Subscription Notification`. A function is called after the body is parsed and before it is validated. */
  readonly description?: OfRequest<string>
  /** The business record that a call belongs to. A function as above. */
  readonly reference?: OfRequest<Reference>
  /** The application's own name for the record, unique among those of the service. A function as above. */
  readonly key?: OfRequest<string>
}

const FIELDS = ['service', 'description', 'reference', 'key'] as const

/**
 * Reads a route's `integration`, from the route option or else from `config`.
 *
 * @throws SCS_INTEGRATION_ERR_ROUTE
 */
export function readWebhookOptions(route: RouteOptions): WebhookOptions | undefined {
  const given: unknown = route.integration ?? route.config?.integration
  if (given === undefined) return undefined
  const wrong = wrongIn(given)
  if (wrong === undefined) return given as WebhookOptions
  throw new RouteError(`${[route.method].flat().join(',')} ${route.url}`, wrong)
}

function wrongIn(given: unknown): string | undefined {
  if (!isObject(given)) return typeof given
  const unknown = Object.keys(given).find((name) => !FIELDS.includes(name as 'service'))
  if (unknown !== undefined) return `other fields${nearestHint(unknown, FIELDS)}`
  const { service, description, reference, key } = given as Readonly<Record<string, unknown>>
  if (typeof service !== 'string' || service === '') return 'other fields'
  if (!isOfRequest(description, (value) => typeof value === 'string')) return 'another description'
  if (!isOfRequest(reference, (value) => referenceIn(value) !== undefined))
    return 'another reference'
  return isOfRequest(key, isKey) ? undefined : 'another key'
}

function isOfRequest(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || typeof value === 'function' || isRight(value)
}

function isKey(value: unknown): boolean {
  try {
    checkKey(value)
    return true
  } catch {
    return false
  }
}

/** Whether a route's option sets anything besides the service. */
export function asksOfRequests({ description, reference, key }: WebhookOptions): boolean {
  return description !== undefined || reference !== undefined || key !== undefined
}

/**
 * Sets a webhook's reference, key and description from the route's option, except where the application has set them already. One that
 * fails is reported to `onWrong`, and the others are kept.
 *
 * @param onWrong Gets what a function threw, or an error that it returned something wrong.
 */
export function applyWebhookOptions(
  handle: RecordHandle,
  { description, reference, key }: WebhookOptions,
  request: FastifyRequest,
  onWrong: (error: unknown) => void,
): void {
  const { draft, redactor } = handle
  const attempt = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      onWrong(error)
    }
  }
  attempt(() => {
    const text = valueFor(description, request)
    if (text === undefined) return
    if (typeof text !== 'string') throw new FieldError('description', 'a string', show(text))
    draft.setOwn({ description: redactor.text(text) })
  })
  attempt(() => {
    const given = valueFor(reference, request)
    if (given === undefined) return
    const found = referenceIn(given)
    if (found === undefined) throw new FieldError('reference', '{ type, id }', show(given))
    const { type, id } = found
    draft.setOwn({ reference: { type: redactor.text(type), id: redactor.text(id) } })
  })
  attempt(() => {
    const name = valueFor(key, request)
    if (name === undefined || draft.isByHand('key')) return
    if (typeof name !== 'string') throw new FieldError('key', 'a string', show(name))
    const kept = handle.keyFor(name)
    if (kept !== undefined) draft.setOwn({ key: kept })
  })
}

function valueFor<Value>(given: OfRequest<Value> | undefined, request: FastifyRequest): unknown {
  if (typeof given !== 'function') return given
  const value = (given as (request: FastifyRequest) => unknown)(request)
  // It is not awaited; an unhandled rejection would end the process.
  if (value instanceof Promise) value.catch(() => undefined)
  return value ?? undefined
}
