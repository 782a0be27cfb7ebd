import type { FastifyReply } from 'fastify'

/** Notes the status and the headers that an answer has so far; the function that is returned takes back what came since. */
export function markHeaders(reply: FastifyReply): () => void {
  const { statusCode } = reply
  const before = { ...reply.getHeaders() }
  return () => {
    reply.code(statusCode)
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      const known = before[name]
      if (known === value) continue
      reply.removeHeader(name)
      reply.raw.removeHeader(name)
      if (known !== undefined) reply.header(name, known)
    }
  }
}
