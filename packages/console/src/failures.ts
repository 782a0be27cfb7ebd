import { errorForLog, LineLimiter } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'

/** Counts what the console has failed at, and logs what no answer tells. */
export class ConsoleFailures {
  readonly #app: FastifyInstance
  readonly #lines: LineLimiter<'failures'>
  #count = 0

  constructor(app: FastifyInstance) {
    this.#app = app
    this.#lines = new LineLimiter(app.log, {
      linesAtOnce: 3,
      summarize: ({ failures = 0 }) =>
        app.log.error({ failures }, 'the console has failed more often than the log says'),
    })
  }

  /** How often the console has failed. */
  get count(): number {
    return this.#count
  }

  /** Counts a failure that an answer or a line before it tells. */
  add(): void {
    this.#count++
  }

  /** Counts a failure and logs it: three at once, then one a second. */
  log(error: unknown, what: string): void {
    this.#count++
    if (!this.#lines.mayWrite('failures')) return
    const { log, scs } = this.#app
    log.error({ err: errorForLog(error, scs.redactor) }, what)
  }

  /** Says how many were not logged. */
  close(): void {
    this.#lines.close()
  }
}
