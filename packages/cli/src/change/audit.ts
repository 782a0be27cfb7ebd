import type { OpenedStore } from '@fastify-scs/console/read'
import { defineAuditEvent } from '@fastify-scs/core'
import { AuditLostError } from '../errors.js'
import { osUser } from '../os-user.js'

const changed = defineAuditEvent({
  type: 'cli-changed',
  level: 'WARN',
  messageTemplate: '{user} changed {fingerprint} with the command line',
})

const pruned = defineAuditEvent({
  type: 'cli-pruned',
  level: 'WARN',
  messageTemplate: '{user} removed {removed} records with the command line',
})

/** What is said in the store of what was done to it. */
export type Done =
  | { readonly what: 'changed'; readonly fingerprint: string; before: object; after: object }
  | { readonly what: 'pruned'; readonly removed: number; readonly limits: object }

const EVENTS = { changed, pruned }

/** Says in the store what was done, and by whom. @throws AuditLostError */
export async function audit(
  { app, store }: OpenedStore,
  { what, ...details }: Done,
): Promise<void> {
  const event = EVENTS[what]
  app.scs.registerAuditEvent(event)
  app.scs.addAuditEvent(event.type, { user: osUser(), ...details })
  if (!(await store.flush())) throw new AuditLostError(what)
}
