import { statSync } from 'node:fs'
import type { Connection } from '../driver/driver.js'
import { LOCK_STEP_MS } from '../file/transaction.js'
import type { WorkerStart } from '../threads/protocol.js'
import { Checkpointer } from './checkpointer.js'

/** Size of the log at which the writer itself moves the rest of it into the file, so that the log starts again, in bytes. */
const LOG_BYTES = 33_554_432
/** The share of the file's maximum size that the log may take. */
const LOG_SHARE = 1 / 20
/** The checkpointer is called after this share of these bytes of records; with its indexes a row takes several times its size. */
const ASK_SHARE = 1 / 16
/** Multiple of the log's size at which readers have to wait a moment, so that the log can be truncated. */
const TRUNCATE_AT = 2
const TRUNCATE_WAIT_MS = 250
const CLOSE_WAIT_MS = 2_000

/** Keeps the write-ahead log small; all calls belong in the writer's thread, where waiting delays no request. */
export class Wal {
  readonly #connection: Connection
  readonly #checkpointer: Checkpointer
  readonly #path: string
  readonly #busyTimeoutMs: number
  readonly #logBytes: number
  #bytes = 0

  constructor(connection: Connection, pageBytes: number, start: WorkerStart) {
    this.#connection = connection
    this.#checkpointer = new Checkpointer(start)
    this.#path = `${start.path}-wal`
    this.#busyTimeoutMs = start.busyTimeoutMs
    const share = (start.maxBytes ?? Number.POSITIVE_INFINITY) * LOG_SHARE
    this.#logBytes = Math.min(LOG_BYTES, share)
    // SQLite counts the pages. Since the checkpointer has moved most of them, what is left for a commit to move is short.
    const pages = Math.max(1, Math.floor(this.#logBytes / pageBytes))
    connection.exec(`PRAGMA wal_autocheckpoint = ${pages}`)
  }

  /** Says that a number of bytes of records were committed. */
  grew(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes < this.#logBytes * ASK_SHARE) return
    this.#bytes = 0
    this.#checkpointer.ask()
    const logBytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
    if (logBytes > this.#logBytes * TRUNCATE_AT) this.truncate()
  }

  /** Moves all of the log into the file, and empties the log if no reader uses it. */
  truncate(): void {
    // Waiting takes no longer than doing it here.
    this.#checkpointer.rest(this.#busyTimeoutMs)
    this.#connection.exec(`PRAGMA busy_timeout = ${TRUNCATE_WAIT_MS}`)
    try {
      // It answers whether readers were in the way; the next one tries again.
      this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    } catch {
      // A full disk or another process: what was committed is safe in the log, and the next insert says what is wrong.
    }
    this.#connection.exec(`PRAGMA busy_timeout = ${LOCK_STEP_MS}`)
  }

  /** Ends the checkpoints, and empties the log. */
  close(): void {
    this.#checkpointer.close(CLOSE_WAIT_MS)
    this.truncate()
  }
}
