import { defineAuditEvent } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import type { ForgottenCounts } from '../port.js'

/** What is told of a user who was forgotten, or only partly: everything but who it was. */
export interface ForgettingOutcome extends ForgottenCounts {
  readonly pseudonym: string
  /** Who asked for it, where that is known. */
  readonly by: string | null
  /** Whether it came to its end. */
  readonly isComplete: boolean
}

const userForgotten = defineAuditEvent({
  type: 'user-forgotten',
  level: 'WARN',
  messageTemplate: 'a user was forgotten and is {pseudonym} now, complete: {isComplete}',
})

/** Makes an app's audit log say when a user is forgotten. Outside of any request, whose user may be just that one. */
export function tellForgotten(app: FastifyInstance): (outcome: ForgettingOutcome) => void {
  app.scs.registerAuditEvent(userForgotten)
  return (outcome) => userForgotten(app, { ...outcome })
}
