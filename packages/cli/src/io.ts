import type { Readable } from 'node:stream'
import type { WriteStream } from 'node:tty'

/** A stream that the program writes to: a terminal, a pipe or a file. */
export type Sink = NodeJS.WritableStream &
  Pick<Partial<WriteStream>, 'isTTY' | 'columns' | 'hasColors'>

/** What the program talks with. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
}

/** That of this process. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  return { stdin, stdout, stderr, env }
}
