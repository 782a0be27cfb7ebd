import type { Call } from './call.js'

/** The unanswered calls, oldest first. A linked list through the calls themselves: adding and removing costs no hash and no allocation. */
export class CallsInFlight {
  #oldest: Call | undefined = undefined
  #newest: Call | undefined = undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  add(call: Call): void {
    call.older = this.#newest
    if (this.#newest === undefined) this.#oldest = call
    else this.#newest.newer = call
    this.#newest = call
    this.#size++
  }

  remove(call: Call): void {
    const { older, newer } = call
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    call.older = undefined
    call.newer = undefined
    this.#size--
  }

  /** The calls, oldest first; the one that is being looked at may be removed. */
  *[Symbol.iterator](): Generator<Call> {
    let call = this.#oldest
    while (call !== undefined) {
      const { newer } = call
      yield call
      call = newer
    }
  }
}
