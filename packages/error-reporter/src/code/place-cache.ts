import type { PlaceCode } from './redacted-code.js'

/** How long code is kept, in milliseconds: what was read is what runs, also when the file is replaced meanwhile. */
const KEPT_MS = 60_000
const MAX_PLACES_KEPT = 500

interface Kept {
  readonly code: PlaceCode | null
  readonly readMs: number
}

/** Keeps the code of places that were read, so that a crash that comes again and again asks no thread. */
export class PlaceCache {
  readonly #kept = new Map<string, Kept>()

  /** The code of a place; null where there is none, undefined where that is not known. */
  get(key: string): PlaceCode | null | undefined {
    const kept = this.#kept.get(key)
    return kept === undefined || performance.now() - kept.readMs > KEPT_MS ? undefined : kept.code
  }

  set(key: string, code: PlaceCode | null): void {
    // All at once: they are read again with the next crashes.
    if (this.#kept.size >= MAX_PLACES_KEPT) this.#kept.clear()
    this.#kept.set(key, { code, readMs: performance.now() })
  }
}
