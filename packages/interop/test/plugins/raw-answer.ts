import { get, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** An answer as it came: `fetch` decompresses bodies, changes paths and asks caches not to answer. */
export interface RawAnswer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

/** Asks for a path as it stands. */
export function ask(address: string, path: string, headers = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    get({ hostname, port, path, headers }, (answer) => {
      const { statusCode: status, headers } = answer
      buffer(answer).then((bytes) => resolve({ status, headers, bytes }), reject)
    }).on('error', reject)
  })
}
