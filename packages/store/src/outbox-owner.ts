import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** A file that nobody has touched for so long has no owner, whatever its name says, in milliseconds. */
export const ABANDONED_MS = 300_000

const NAME = /^(.+)~(\d+)~(\d+)~[0-9a-f]+~\d+\.ndjson$/

/** Names the files of one outbox, so that another process can tell whether their owner still lives. */
export class OutboxOwner {
  readonly #host: string = hostname().replaceAll(/[^\w.-]/g, '_')
  /** Seconds since 1970; tells this process from an earlier one of the same id, as containers have them. */
  readonly #startedAt: number = Math.round(Date.now() / 1_000 - process.uptime())
  readonly #instance: string = randomBytes(4).toString('hex')
  #number = 0

  /** A name that no other file has; later ones sort after earlier ones. */
  nextName(): string {
    const number = String(this.#number++).padStart(8, '0')
    return `${this.#host}~${process.pid}~${this.#startedAt}~${this.#instance}~${number}.ndjson`
  }

  /** Whether the file's owner is gone, so that another one may take it over. */
  isOrphan(name: string, modifiedMs: number): boolean {
    const [, host, pid, startedAt] = NAME.exec(name) ?? []
    if (host === undefined) return false
    if (Date.now() - modifiedMs > ABANDONED_MS) return true
    if (host !== this.#host) return false
    if (Number(pid) !== process.pid) return !isRunning(Number(pid))
    return Math.abs(Number(startedAt) - this.#startedAt) > 2
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
