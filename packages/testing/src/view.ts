import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import { type Followed, realTimers } from './follow.js'

/** Which items are meant: those with this name, or those that the function returns true for. */
export type Wanted<Item> = string | ((item: Item) => boolean)

/** How long to wait. */
export interface WaitOptions {
  /** Longest wait in real time, in milliseconds, also under a fake clock. @default 5000 */
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 5_000
/** Items that a message shows. */
const MAX_SHOWN = 10

/** What a view needs to know of its items. */
export interface ItemTraits<Item> {
  /** What one is called in messages: `report`. */
  readonly noun: string
  /** The name that a filter compares. */
  nameOf(item: Item): string
  /** One line about it. */
  describe(item: Item): string
}

/** The things of one kind that an app has done since the view was made, in memory. */
export class ItemView<Item> {
  readonly #traits: ItemTraits<Item>
  readonly #followed: Followed
  /** By their ids: a later version of an item takes its place. */
  readonly #items = new Map<string, Item>()
  readonly #watchers = new Set<() => void>()

  constructor(
    traits: ItemTraits<Item>,
    begin: (add: (id: string, item: Item) => void) => Followed,
  ) {
    this.#traits = traits
    this.#followed = begin((id, item) => {
      this.#items.set(id, item)
      for (const look of this.#watchers) look()
    })
  }

  /** Those that have happened so far, the oldest first; what is still on its way, such as a report that is being written, is waited for. */
  async all(wanted?: Wanted<Item>): Promise<readonly Item[]> {
    await this.#followed.settled()
    return this.#matching(wanted)
  }

  /**
   * The only one.
   *
   * @throws AssertionError where there is none, or more than one
   */
  async one(wanted?: Wanted<Item>): Promise<Item> {
    const found = await this.all(wanted)
    const [only] = found
    if (only === undefined || found.length > 1) {
      throw this.#failure(`expected one ${this.#named(wanted)}, got ${found.length}`, wanted)
    }
    return only
  }

  /**
   * The first one, which may be there already or come later: for what the service does after its answer.
   *
   * @throws AssertionError where none comes in time
   */
  async waitFor(wanted?: Wanted<Item>, options: WaitOptions = {}): Promise<Item> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options
    const [first] = await this.all(wanted)
    if (first !== undefined) return first
    return await new Promise((resolve, reject) => {
      const end = (): void => {
        realTimers.clearTimeout(timer)
        this.#watchers.delete(look)
      }
      const look = (): void => {
        const [found] = this.#matching(wanted)
        if (found === undefined) return
        end()
        resolve(found)
      }
      const timer = realTimers.setTimeout(() => {
        end()
        reject(this.#failure(`no ${this.#named(wanted)} within ${timeoutMs} ms`, wanted))
      }, timeoutMs)
      this.#watchers.add(look)
      look()
    })
  }

  /** Forgets what it has seen so far. */
  clear(): void {
    this.#items.clear()
  }

  /** Sees nothing more; what it has seen stays. Not needed where the app ends with the test. */
  end(): void {
    this.#followed.end()
  }

  #matching(wanted: Wanted<Item> | undefined): readonly Item[] {
    const all = [...this.#items.values()]
    if (wanted === undefined) return all
    if (typeof wanted === 'function') return all.filter((item) => wanted(item))
    return all.filter((item) => this.#traits.nameOf(item) === wanted)
  }

  #named(wanted: Wanted<Item> | undefined): string {
    return typeof wanted === 'string'
      ? `${this.#traits.noun} ${inspect(wanted)}`
      : this.#traits.noun
  }

  #failure(message: string, wanted: Wanted<Item> | undefined): AssertionError {
    const seen = [...this.#items.values()].map((item) => this.#traits.describe(item))
    const shown = seen.slice(-MAX_SHOWN).map((line) => `\n  ${line}`)
    const list = seen.length === 0 ? 'none at all' : `the last of ${seen.length}:${shown.join('')}`
    return new AssertionError({
      message: `${message}\nSeen since the view was made: ${list}`,
      actual: seen,
      expected: typeof wanted === 'string' ? wanted : undefined,
      operator: 'view',
    })
  }
}
