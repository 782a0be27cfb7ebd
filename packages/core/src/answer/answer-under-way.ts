import type { FastifyReply } from 'fastify'

/*
 * That `send` is the reply's own would not do as the mark: tracers put theirs there, and so does slow-call.
 */
const UNDER_WAY: unique symbol = Symbol('@fastify-scs/core/answer-under-way')

type MarkedReply = FastifyReply & { [UNDER_WAY]?: true }

/** Marks a reply that core answers with a failure from here on, and sees to whatever fails on the way. */
export function markUnderWay(reply: MarkedReply): void {
  reply[UNDER_WAY] = true
}

/** Whether core answers with a failure already. */
export function isUnderWay(reply: MarkedReply): boolean {
  return reply[UNDER_WAY] === true
}
