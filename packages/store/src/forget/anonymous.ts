import type { JsonValue } from '@fastify-scs/core'
import { type FoundRecord, isObject, type StoreRecord } from '@fastify-scs/core/kit'

/** Fields of a record that say nothing of a user, and in which a short user such as `26` would be found all the same. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['date', 'level', 'source', 'requestId', 'type'])
/** Fields that name a person by something else than the user. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['ip'])

/**
 * The next version of an audit event, in which a pseudonym stands for the user, wherever a text has the user as a whole word; so more is
 * replaced than has to be: the order 42 as well as the user 42. Its IP address becomes null.
 */
export function anonymous(record: FoundRecord, user: string, pseudonym: string): StoreRecord {
  const replace = replacer(user, pseudonym)
  const { summary } = record.keys
  return {
    ...record,
    revision: record.revision + 1,
    keys: {
      ...record.keys,
      user: pseudonym,
      ...(summary === undefined ? {} : { summary: replace(summary) }),
    },
    data: replaced(record.data, user, pseudonym, replace) as StoreRecord['data'],
    importance: 'high',
  }
}

function replaced(
  value: JsonValue,
  user: string,
  pseudonym: string,
  replace: (text: string) => string,
): JsonValue {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((item) => replaced(item, user, pseudonym, replace))
  if (!isObject(value)) return value
  const fields = Object.entries(value as Readonly<Record<string, JsonValue>>).map(
    ([name, held]) => {
      if (PLAIN_FIELDS.has(name)) return [name, held]
      if (ADDRESS_FIELDS.has(name)) return [name, null]
      // A user may be a number, which the keys have as text.
      if (name === 'user' && String(held) === user) return [name, pseudonym]
      return [replace(name), replaced(held, user, pseudonym, replace)]
    },
  )
  return Object.fromEntries(fields)
}

/** Replaces the user where neither a letter nor a digit is next to it. */
function replacer(user: string, pseudonym: string): (text: string) => string {
  const escaped = user.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu')
  // By a function: `$` in a pseudonym means nothing.
  return (text) => text.replace(word, () => pseudonym)
}
