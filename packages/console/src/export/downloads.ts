import type { Readable } from 'node:stream'
import { ClientLeftError } from '../api/refusals.js'

/** The exports that are under way: a client that has stopped to read its own must not hold up the end of the application. */
export class Downloads {
  readonly #streams = new Set<Readable>()

  add(stream: Readable): Readable {
    this.#streams.add(stream)
    return stream.once('close', () => this.#streams.delete(stream))
  }

  /** Breaks them off: the application closes. */
  close(): void {
    for (const stream of this.#streams)
      stream.destroy(new ClientLeftError('The application closes'))
  }
}
