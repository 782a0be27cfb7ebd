import { statSync } from 'node:fs'
import type { Connection } from './driver/driver.js'

/** Bytes of records after which what the log holds is moved into the file. */
const CHECKPOINT_BYTES = 8_388_608
/** Size of the log at which readers have to wait a moment, so that it can be cut. */
const TRUNCATE_BYTES = 67_108_864
const TRUNCATE_WAIT_MS = 250

/** Keeps the write-ahead log small: moves its pages into the file, in the writer's thread, where it stalls no request. */
export class Wal {
  readonly #connection: Connection
  readonly #path: string
  readonly #busyTimeoutMs: number
  #bytes = 0

  constructor(connection: Connection, path: string, busyTimeoutMs: number) {
    this.#connection = connection
    this.#path = `${path}-wal`
    this.#busyTimeoutMs = busyTimeoutMs
  }

  /** Says that so many bytes of records were committed. */
  grew(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes < CHECKPOINT_BYTES) return
    this.#bytes = 0
    this.#checkpoint('PASSIVE')
    if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > TRUNCATE_BYTES)
      this.truncate()
  }

  /** Moves everything, and cuts the log to nothing if no reader holds it. */
  truncate(): void {
    this.#connection.exec(`PRAGMA busy_timeout = ${TRUNCATE_WAIT_MS}`)
    this.#checkpoint('TRUNCATE')
    this.#connection.exec(`PRAGMA busy_timeout = ${this.#busyTimeoutMs}`)
  }

  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      // Answers whether it was held up; the next one tries again.
      this.#connection.prepare(`PRAGMA wal_checkpoint(${mode})`).get()
    } catch {
      // A full disk or another process: what was committed is safe in the log, and the next insert says what is wrong.
    }
  }
}
