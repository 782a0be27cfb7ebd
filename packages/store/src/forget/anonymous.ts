import type { JsonValue } from '@fastify-scs/core'
import { type FoundRecord, isObject, type StoreRecord } from '@fastify-scs/core/kit'

/** Fields of an audit event that say nothing of a user, and in which a short user such as `26` would be found all the same. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['date', 'level', 'source', 'requestId'])
/** Fields that name a person by something else than the user. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['ip'])
/** Fields of the details that every audit event has: they keep their names, whatever the user is called. */
const KNOWN_DETAILS: ReadonlySet<string> = new Set(['ip', 'path', 'user'])

type JsonObject = { readonly [name: string]: JsonValue }

/**
 * The next version of an audit event, in which a pseudonym stands for the user, wherever a text has the user as a whole word and wherever
 * a number is the user; so more is replaced than has to be: the order 42 as well as the user 42. Its IP address becomes null.
 *
 * @param user whole, with what no database keeps replaced as in the event
 */
export function anonymous(record: FoundRecord, user: string, pseudonym: string): StoreRecord {
  const replacer = new Replacer(user, pseudonym)
  const { summary } = record.keys
  return {
    ...record,
    revision: record.revision + 1,
    keys: {
      ...record.keys,
      user: pseudonym,
      ...(summary === undefined ? {} : { summary: replacer.text(summary) }),
    },
    data: dataOf(record.data as JsonObject, replacer),
    importance: 'high',
  }
}

/** The data of an audit event, whose own fields keep their names. */
function dataOf(data: JsonObject, replacer: Replacer): JsonObject {
  return withValues(data, (name, held) => {
    if (PLAIN_FIELDS.has(name)) return held
    if (name !== 'event' || !isObject(held)) return replacer.value(held)
    return withValues(held as JsonObject, (part, inner) =>
      part === 'type' ? inner : replacer.value(inner),
    )
  })
}

function withValues(
  object: JsonObject,
  valueIn: (name: string, held: JsonValue) => JsonValue,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, held]) => [name, valueIn(name, held)]),
  )
}

/** Puts the pseudonym in the place of the user. */
class Replacer {
  readonly #user: string
  readonly #pseudonym: string
  readonly #words: RegExp

  constructor(user: string, pseudonym: string) {
    this.#user = user
    this.#pseudonym = pseudonym
    const forms = `${escaped(user)}|${encodedPattern(user)}`
    // Neither a letter nor a digit is next to it, other than those of a percent-encoded character.
    this.#words = new RegExp(
      `(?<=^|[^\\p{L}\\p{N}]|%[\\dA-Fa-f]{2})(?:${forms})(?![\\p{L}\\p{N}])`,
      'gu',
    )
  }

  text(text: string): string {
    // By a function: `$` in a pseudonym means nothing.
    return text.replace(this.#words, () => this.#pseudonym)
  }

  value(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.text(value)
    // A user may be a number, which the keys have as text.
    if (typeof value === 'number') return String(value) === this.#user ? this.#pseudonym : value
    if (Array.isArray(value)) return value.map((item) => this.value(item))
    if (!isObject(value)) return value
    const fields = Object.entries(value as JsonObject).map(([name, held]) => {
      if (ADDRESS_FIELDS.has(name)) return [name, null]
      if (name === 'user' && held === this.#user) return [name, this.#pseudonym]
      return [KNOWN_DETAILS.has(name) ? name : this.text(name), this.value(held)]
    })
    return Object.fromEntries(fields)
  }
}

/** A pattern of the user as URLs have it: percent-encoded, in digits of either case, and with `+` for a space. */
function encodedPattern(user: string): string {
  const inDigits = (code: string): string =>
    code.replace(/[A-F]/g, (digit) => `[${digit}${digit.toLowerCase()}]`)
  return escaped(encodeURIComponent(user))
    .replace(/%[\dA-F]{2}/g, inDigits)
    .replaceAll('%20', '(?:%20|\\+)')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
