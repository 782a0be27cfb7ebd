import type { JsonValue } from '@fastify-scs/core'
import { follow, type TestedApp } from './follow.js'
import { ItemView } from './view.js'

/** One outbound call, as @fastify-scs/integration-log records it: redacted, bounded. */
export interface OutboundCall {
  /** UUID v7. */
  readonly id: string
  /** The declared service, or the host of a call that was only observed. */
  readonly service: string
  readonly status: 'Queued' | 'Authorized' | 'Completed' | 'Cancelled' | 'Failed'
  readonly method: string | null
  readonly url: string | null
  /** The answer's HTTP status. */
  readonly statusCode: number | null
  readonly requestHeaders: Readonly<Record<string, string | readonly string[]>> | null
  /** What was sent. */
  readonly data: JsonValue
  readonly responseHeaders: Readonly<Record<string, string | readonly string[]>> | null
  /** The answer's body of a call that succeeded. */
  readonly output: JsonValue
  /** The answer's body, or the error, of a call that failed. */
  readonly error: JsonValue
  readonly durationMs: number | null
  /** The request within which the call was made. */
  readonly requestId: string | null
  /** The pattern of that request's route. */
  readonly route: string | null
  /** The business record that the call belongs to. */
  readonly reference: { readonly type: string; readonly id: string } | null
  /** The application's own name for the record. */
  readonly key: string | null
  readonly description: string | null
  /** The id of the attempt that this one repeats. */
  readonly retryOf: string | null
}

/** The outbound calls of an app since the view was made, each as it is now. A name is a service: `all('payments')`. */
export type OutboundView = ItemView<OutboundCall>

/**
 * Shows the calls to other services that an app records from now on, with or without a store. A call that takes longer than `queuedAfterMs` is
 * there as `Queued` until it ends. May be called before the app is ready.
 *
 * @throws SCS_TESTING_ERR_APP, SCS_TESTING_ERR_NO_CORE
 */
export function outbound(app: TestedApp): OutboundView {
  const traits = { noun: 'outbound call', nameOf: serviceOf, describe }
  return new ItemView<OutboundCall>(traits, (add) =>
    follow('outbound', app, (scs) =>
      scs.records.subscribe(({ kind, data }) => {
        if (kind !== 'integration_requests') return
        const record = data as OutboundCall & { readonly isRemoteRequest: boolean }
        if (record.isRemoteRequest) add(record.id, record)
      }),
    ),
  )
}

function serviceOf({ service }: OutboundCall): string {
  return service
}

function describe({ service, method, url, status, statusCode }: OutboundCall): string {
  return `${service}: ${method ?? '?'} ${url ?? '?'} -> ${status}${statusCode === null ? '' : ` ${statusCode}`}`
}
