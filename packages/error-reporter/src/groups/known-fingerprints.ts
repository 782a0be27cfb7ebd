interface Known {
  readonly fingerprint: string
  readonly checkedMs: number
}

/**
 * Remembers the fingerprint of errors that look alike from outside: same name, code, normalised message, origins and
 * place.
 *
 * Reading a stack trace costs more than all the rest of an error's answer, so in a storm it is read once a second for
 * each look, not for each error. Two errors that look alike and differ only in their stack are told apart whenever it
 * is read.
 */
export class KnownFingerprints {
  readonly #maxSize: number
  readonly #maxAgeMs: number
  readonly #byLook = new Map<string, Known>()

  constructor(maxSize: number, maxAgeMs: number) {
    this.#maxSize = maxSize
    this.#maxAgeMs = maxAgeMs
  }

  get(look: string, nowMs: number): string | undefined {
    const known = this.#byLook.get(look)
    if (known === undefined) return undefined
    const ageMs = nowMs - known.checkedMs
    return ageMs >= 0 && ageMs < this.#maxAgeMs ? known.fingerprint : undefined
  }

  set(look: string, fingerprint: string, nowMs: number): void {
    // All at once: the fingerprints are only a short cut, and come back with the next errors.
    if (this.#byLook.size >= this.#maxSize && !this.#byLook.has(look)) this.#byLook.clear()
    this.#byLook.set(look, { fingerprint, checkedMs: nowMs })
  }
}
