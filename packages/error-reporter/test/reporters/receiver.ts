import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that a receiver has got. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly path: string | undefined
}

/** A real HTTP server that takes reports. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** How many connections were made. */
  connections(): number
  /** Lets somebody else answer from now on. */
  answerWith(answer: (response: ServerResponse) => void): void
  close(): void
}

/** Starts a receiver that answers with the given statuses in turn, the last one for good. */
export async function startReceiver(
  answers: readonly (number | { status: number; headers: Record<string, string> })[] = [200],
): Promise<Receiver> {
  const received: Received[] = []
  let connections = 0
  let answerer: ((response: ServerResponse) => void) | undefined
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = answers[Math.min(received.length, answers.length - 1)] ?? 200
    const { headers, url } = request
    received.push({ headers, body: Buffer.concat(chunks).toString(), path: url })
    if (answerer !== undefined) return answerer(response)
    const { status, headers: own } =
      typeof answer === 'number' ? { status: answer, headers: {} } : answer
    response.writeHead(status, own).end('ok')
  }).listen(0, '127.0.0.1')
  server.on('connection', () => connections++)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    connections: () => connections,
    answerWith: (answer) => {
      answerer = answer
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
