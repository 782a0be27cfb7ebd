import type { Redactor } from '@fastify-scs/core'
import type { RecordKey } from '@fastify-scs/core/kit'
import { FieldError, KeyTakenError } from '../errors.js'
import type { RecordSink } from './record-sink.js'
import type { Counts } from './stats.js'

/** Characters of a key. */
const MAX_CHARS = 200
/** Keys that are remembered, at most. */
const MAX_KNOWN = 10_000
/** How long a key is remembered, in milliseconds; after that only the store knows whether it is taken. */
const KNOWN_MS = 600_000

interface Claim {
  readonly id: string
  readonly at: number
}

/** The keys that this process has given to records lately, so that a key that is taken is refused at once. */
export class KeyRegistry {
  readonly #keepKeys: ReadonlySet<string>
  readonly #sink: RecordSink
  readonly #counts: Counts
  readonly #claims = new Map<string, Claim>()

  /** @param keepKeys The services whose keys are kept as they are given. */
  constructor(keepKeys: ReadonlySet<string>, sink: RecordSink, counts: Counts) {
    this.#keepKeys = keepKeys
    this.#sink = sink
    this.#counts = counts
  }

  /** Reserves a key for a record. @throws as `check` */
  claim(named: RecordKey, id: string, redactor: Redactor): string {
    const { service, key } = named
    this.check(named, id, redactor)
    this.#note(`${service}\0${key}`, id)
    return key
  }

  /**
   * Whether a record may have a key. A key that redaction changes is refused: two different keys could become equal.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_KEY_TAKEN
   */
  check({ service, key }: RecordKey, id: string, redactor: Redactor): void {
    checkKey(key)
    if (!this.#keepKeys.has(service) && redactor.text(key) !== key) {
      const expected = `a text without secrets, or the service ${service} in the option "keepKeys"`
      throw new FieldError('key', expected, 'one that redaction changes')
    }
    const holder = this.#claims.get(`${service}\0${key}`)
    const isKnown = holder !== undefined && Date.now() - holder.at < KNOWN_MS
    if (isKnown && holder.id !== id) throw new KeyTakenError(service, key, holder.id)
  }

  /** As `claim`, without throwing: a key that cannot be used is left out, counted and logged. */
  tryClaim(named: RecordKey, id: string, redactor: Redactor): string | undefined {
    try {
      return this.claim(named, id, redactor)
    } catch (error) {
      this.#counts.keysRefused++
      this.#sink.logFailure(error, 'an integration record is kept without its key')
      return undefined
    }
  }

  /** Forgets all keys: their records may be gone. */
  clear(): void {
    this.#claims.clear()
  }

  #note(name: string, id: string): void {
    if (this.#claims.size >= MAX_KNOWN) {
      const [oldest] = this.#claims.keys()
      if (oldest !== undefined) this.#claims.delete(oldest)
    }
    this.#claims.set(name, { id, at: Date.now() })
  }
}

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_CHARS) return
  const found = typeof key === 'string' ? `one of ${key.length}` : typeof key
  throw new FieldError('key', `a text of 1 to ${MAX_CHARS} characters`, found)
}
