// A client that knows the service's errors by their ids; it runs in a browser as well.
import { createScsClient, type ErrorsOf } from '@fastify-scs/client'
import type { errors } from './service.js'

const { isScsError, readScsResponse } = createScsClient<ErrorsOf<typeof errors>>()

/** Buys a ticket and says in words what has become of it. */
export async function buyTicket(service: string, event: string): Promise<string> {
  const answer = await fetch(`${service}/events/${event}/tickets`, { method: 'POST' })
  if (answer.ok) return 'You have a ticket'
  const error = await readScsResponse(answer)
  if (isScsError(error, 'tickets-sold-out')) return `Sold out: ${error.details.left} are left`
  if (isScsError(error, 'tickets-unknown-event')) return `No such event: ${event}`
  return `That did not work: ${error?.message ?? answer.statusText}`
}
