/** A map of limited size: when a new key would be one too many, the key that was set longest ago is deleted. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxSize: number
  readonly #onEvicted: ((value: Value, key: Key) => void) | undefined

  /** @param onEvicted gets each entry that had to make room */
  constructor(maxSize: number, onEvicted?: (value: Value, key: Key) => void) {
    super()
    this.#maxSize = maxSize
    this.#onEvicted = onEvicted
  }

  /** Sets a key, which is the newest from then on. */
  override set(key: Key, value: Value): this {
    if (!this.delete(key) && this.size >= this.#maxSize) this.#evictOldest()
    return super.set(key, value)
  }

  #evictOldest(): void {
    for (const [key, value] of this) {
      this.delete(key)
      this.#onEvicted?.(value, key)
      return
    }
  }
}
