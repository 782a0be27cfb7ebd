/*
 * What an example takes from its reader's own service. An example may use each of these by its name, in a whole program as in a
 * fragment; nothing that a package of ours exports belongs here, since a missing import would then go unseen.
 */
import type { FastifyRequest } from 'fastify'

/** Sends a mail to those who are on call. */
export async function sendMail(_title: string, _message: string): Promise<void> {
  return undefined
}

/** Whether a webhook is signed by its sender. */
export function isSigned(_request: FastifyRequest): boolean {
  return true
}

/** Whether an address has failed too often. */
export function isBlocked(ip: string): boolean {
  return ip === ''
}

/** Whether a request brings a token of ours. */
export function isKnown(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined
}
