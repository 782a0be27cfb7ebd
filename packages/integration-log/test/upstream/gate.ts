import { withResolvers } from './recorded-calls.js'

/** Lets go of what waits for it, once; the next wait is for the next opening. */
export class Gate {
  #next = withResolvers()

  open(): void {
    const { resolve } = this.#next
    this.#next = withResolvers()
    resolve()
  }

  passed(): Promise<void> {
    return this.#next.promise
  }
}
