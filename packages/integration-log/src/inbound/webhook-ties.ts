import { show } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { FieldError } from '../errors.js'
import { referenceIn } from '../log/check-fields.js'
import type { RecordHandle } from '../log/record-handle.js'
import type { OfRequest, WebhookOptions } from './webhook-options.js'

/** Whether a route's option asks anything of a request. */
export function hasTies({ description, reference, key }: WebhookOptions): boolean {
  return description !== undefined || reference !== undefined || key !== undefined
}

/**
 * Ties a webhook's record to what the route's option says of its request, but for what the application has set already. Each of them that
 * cannot be had is told, and the others are kept.
 *
 * @param onWrong Is told what a function threw, or that it returned something else.
 */
export function tieWebhook(
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
    const text = tieOf(description, request)
    if (text === undefined) return
    if (typeof text !== 'string') throw new FieldError('description', 'a string', show(text))
    draft.setOwn({ description: redactor.text(text) })
  })
  attempt(() => {
    const given = tieOf(reference, request)
    if (given === undefined) return
    const found = referenceIn(given)
    if (found === undefined) throw new FieldError('reference', '{ type, id }', show(given))
    const { type, id } = found
    draft.setOwn({ reference: { type: redactor.text(type), id: redactor.text(id) } })
  })
  attempt(() => {
    const name = tieOf(key, request)
    if (name === undefined || draft.isByHand('key')) return
    if (typeof name !== 'string') throw new FieldError('key', 'a string', show(name))
    const kept = handle.keyFor(name)
    if (kept !== undefined) draft.setOwn({ key: kept })
  })
}

function tieOf<Value>(given: OfRequest<Value> | undefined, request: FastifyRequest): unknown {
  if (typeof given !== 'function') return given
  const value = (given as (request: FastifyRequest) => unknown)(request)
  // Nobody waits for it; left alone its rejection would end the process.
  if (value instanceof Promise) value.catch(() => undefined)
  return value ?? undefined
}
