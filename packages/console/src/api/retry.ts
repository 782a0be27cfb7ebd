import { type FoundRecord, fieldAt, textAt } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'

/** What integration-log decorates an app with, as far as it is used here. */
interface Integrations {
  service(name: string): unknown
  resume(id: string): Promise<ResumedCall | undefined>
}

interface ResumedCall {
  retry(): Promise<{ readonly response: Response; readonly handle: { readonly id: string } }>
}

/** The integration log of an application; undefined where it has none. */
export function integrationsOf(app: FastifyInstance): Integrations | undefined {
  if (!app.hasDecorator('integrations')) return undefined
  return (app as FastifyInstance & { readonly integrations: Integrations }).integrations
}

/** Whether a call may be sent again: it has failed, its service allows it, and is still declared. */
export function isRetryable(app: FastifyInstance, { kind, keys, data }: FoundRecord): boolean {
  const integrations = integrationsOf(app)
  if (integrations === undefined || kind !== 'integration_requests') return false
  if (data.isRemoteRequest !== true || keys.status !== 'Failed') return false
  // Only a record of a service with the option "retry" has it.
  if (fieldAt(data, 'resend') === undefined) return false
  try {
    return integrations.service(textAt(data, 'service') ?? '') !== undefined
  } catch {
    // It is no longer declared.
    return false
  }
}
