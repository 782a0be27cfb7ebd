import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio'
import { osUser } from '../os-user.js'
import { makeServer, type ServerParts } from './make-server.js'

/** A message of a client is no larger than this, in bytes. */
const MAX_MESSAGE_BYTES = 262_144

/** Serves the one client that has started the program, and ends with it. Nothing but the protocol is written to `stdout`. */
export function serveStdio(
  parts: ServerParts,
  stdin: Readable,
  stdout: NodeJS.WritableStream,
): { readonly closed: Promise<void>; close(): Promise<void> } {
  const transport = new StdioServerTransport(stdin, stdout as Writable, {
    maxBufferSize: MAX_MESSAGE_BYTES,
  })
  let end = (): void => {}
  const closed = new Promise<void>((resolve) => {
    end = resolve
  })
  for (const event of ['end', 'close', 'error'] as const) stdin.once(event, end)
  // The client has gone.
  stdout.once('error', end)
  const via = `stdio of ${osUser()}`
  const handle = serve(() => makeServer(parts, via), {
    transport,
    onerror: (error) => {
      parts.log.warn({ err: error }, 'the MCP client sent something that was not understood')
    },
  })
  return {
    closed,
    close: async () => {
      end()
      await handle.close()
    },
  }
}
