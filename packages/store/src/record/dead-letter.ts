import { storableText } from './text.js'

/** The user of a dead letter, whole; it may be one because its user is no text. Undefined without one. */
export function userOfDeadLetter(record: unknown): string | undefined {
  const { keys } = Object(record) as { readonly keys?: unknown }
  const { user } = Object(keys) as { readonly user?: unknown }
  if (user === undefined || user === null) return undefined
  return storableText(typeof user === 'object' ? '' : String(user), Number.POSITIVE_INFINITY)
}
