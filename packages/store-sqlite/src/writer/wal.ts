import { statSync } from 'node:fs'
import type { Connection } from '../driver/driver.js'
import { LOCK_STEP_MS } from '../file/transaction.js'
import type { WorkerStart } from '../threads/protocol.js'
import { Checkpointer } from './checkpointer.js'

/** Size of the log at which the writer itself moves what is left into the file, so that the log begins anew. */
const LOG_BYTES = 33_554_432
/** The share of the limit of the file that the log may take. */
const LOG_SHARE = 1 / 20
/** The checkpointer is asked after a share of these bytes of records; with its indexes a row takes several times its own. */
const ASK_SHARE = 1 / 16
/** Size of the log, in multiples, at which readers have to wait a moment, so that it can be cut. */
const TRUNCATE_AT = 2
const TRUNCATE_WAIT_MS = 250
const CLOSE_WAIT_MS = 2_000

/** Keeps the write-ahead log small; all calls belong into the writer's thread, where waiting stalls no request. */
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
    // SQLite counts the pages. With most of them moved by the checkpointer this is short, and a commit does it only then.
    const pages = Math.max(1, Math.floor(this.#logBytes / pageBytes))
    connection.exec(`PRAGMA wal_autocheckpoint = ${pages}`)
  }

  /** Says that so many bytes of records were committed. */
  grew(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes < this.#logBytes * ASK_SHARE) return
    this.#bytes = 0
    this.#checkpointer.ask()
    const logBytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
    if (logBytes > this.#logBytes * TRUNCATE_AT) this.truncate()
  }

  /** Moves everything, and cuts the log to nothing if no reader holds it. */
  truncate(): void {
    // Whatever that takes is no longer than to do it here.
    this.#checkpointer.rest(this.#busyTimeoutMs)
    this.#connection.exec(`PRAGMA busy_timeout = ${TRUNCATE_WAIT_MS}`)
    try {
      // Answers whether it was held up; the next one tries again.
      this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    } catch {
      // A full disk or another process: what was committed is safe in the log, and the next insert says what is wrong.
    }
    this.#connection.exec(`PRAGMA busy_timeout = ${LOCK_STEP_MS}`)
  }

  /** Ends the checkpoints, and cuts the log. */
  close(): void {
    this.#checkpointer.close(CLOSE_WAIT_MS)
    this.truncate()
  }
}
