import type { Connection, Statement } from './driver/driver.js'

/** What the file takes; within a transaction as it stands there. */
export class FileSize {
  readonly #pages: Statement
  readonly #freePages: Statement
  readonly #pageBytes: number

  constructor(connection: Connection) {
    this.#pages = connection.prepare('PRAGMA page_count')
    this.#freePages = connection.prepare('PRAGMA freelist_count')
    this.#pageBytes = numberOf(connection.prepare('PRAGMA page_size'))
  }

  get pageBytes(): number {
    return this.#pageBytes
  }

  /** All pages, the free ones among them. */
  get pages(): number {
    return numberOf(this.#pages)
  }

  /** Pages that are used again before the file grows. */
  get freePages(): number {
    return numberOf(this.#freePages)
  }

  /** What the pages in use take. */
  get usedBytes(): number {
    return (this.pages - this.freePages) * this.#pageBytes
  }
}

/** The one number that a pragma answers with. */
function numberOf(pragma: Statement): number {
  const [value] = Object.values(pragma.get() as Record<string, number>)
  return value ?? 0
}
