/** How long the first key of `g o` waits for the second, in milliseconds. */
export const SEQUENCE_MS = 1_000

/** A key that was pressed, as far as shortcuts need it. */
export interface PressedKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Puts the keys that are pressed together to shortcuts such as `/` and `g o`. */
export class KeySequence {
  #before = ''
  #beforeAt = 0

  /**
   * The shortcuts that this key may complete, the longest first; none for a key with a modifier, which belongs to the browser.
   *
   * @param nowMs a clock in milliseconds
   */
  press({ key, ctrlKey, metaKey, altKey }: PressedKey, nowMs: number): readonly string[] {
    if (ctrlKey || metaKey || altKey || key === 'Shift') return []
    const isSequel = this.#before !== '' && nowMs - this.#beforeAt <= SEQUENCE_MS
    const candidates = isSequel ? [`${this.#before} ${key}`, key] : [key]
    this.#before = key
    this.#beforeAt = nowMs
    return candidates
  }

  /** Forgets the key before, since it was used. */
  reset(): void {
    this.#before = ''
  }
}

/** Whether keys that are pressed in an element are meant for it. */
export function takesText(element: {
  readonly tagName?: string
  isContentEditable?: boolean
}): boolean {
  return (
    /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName ?? '') || element.isContentEditable === true
  )
}
