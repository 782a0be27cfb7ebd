/** A longer text is no id or state that somebody needs to read back. */
const MAX_CHARS = 8_192

/** The names whose values the application wants to keep, in spite of what else is known of them. */
export class KeptNames {
  readonly #keys: ReadonlySet<string>
  readonly #headers: ReadonlySet<string>

  constructor(names: readonly string[]) {
    this.#keys = new Set(names)
    this.#headers = new Set(names.map((name) => name.toLowerCase()))
  }

  /** Whether the value under a key stays as it is; what is within an object is judged by its own name, or hidden with it. */
  keeps(key: string, value: unknown): boolean {
    if (!this.#keys.has(key)) return false
    if (typeof value === 'string') return value.length <= MAX_CHARS
    return typeof value === 'boolean' || Number.isFinite(value)
  }

  keepsHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase())
  }
}
