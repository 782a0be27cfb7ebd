// A client that knows the service's errors by their ids; it runs in a browser as well.
import { type ErrorsOf, readScsResponse } from '@fastify-scs/client'
import type { errors } from './service.js'

type TicketErrors = ErrorsOf<typeof errors>

/** Buys a ticket and says in words what has become of it. */
export async function buyTicket(service: string, event: string): Promise<string> {
  const answer = await fetch(`${service}/events/${event}/tickets`, { method: 'POST' })
  if (answer.ok) return 'You have a ticket'
  const error = await readScsResponse<TicketErrors>(answer)
  switch (error?.id) {
    case 'tickets-sold-out':
      return `Sold out: ${error.details.left} are left`
    case 'tickets-unknown-event':
      return `No such event: ${event}`
    default:
      return `That did not work: ${error?.message ?? answer.statusText}`
  }
}
