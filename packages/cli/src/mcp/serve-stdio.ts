import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio'
import { osUser } from '../os-user.js'
import { makeServer, type ServerParts } from './make-server.js'

/** A message of a client is no larger than this, in bytes. */
const MAX_MESSAGE_BYTES = 262_144

/**
 * Says when it closes: where the client has gone, and where its message was too large. Then it reads no more, and a client would wait
 * for ever for a program that still runs.
 */
class EndingTransport extends StdioServerTransport {
  readonly #onEnd: () => void

  constructor(stdin: Readable, stdout: Writable, onEnd: () => void) {
    super(stdin, stdout, { maxBufferSize: MAX_MESSAGE_BYTES })
    this.#onEnd = onEnd
  }

  override async close(): Promise<void> {
    await super.close()
    this.#onEnd()
  }
}

/** Serves the one client that has started the program, and ends with it. Nothing but the protocol is written to `stdout`. */
export function serveStdio(
  parts: ServerParts,
  stdin: Readable,
  stdout: NodeJS.WritableStream,
): { readonly closed: Promise<void>; close(): Promise<void> } {
  let end = (): void => {}
  const closed = new Promise<void>((resolve) => {
    end = resolve
  })
  const transport = new EndingTransport(stdin, stdout as Writable, end)
  stdin.once('error', end)
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
      await handle.close()
      // The process ends, also if the client goes on to write.
      stdin.destroy()
    },
  }
}
