const TOKEN = /^[\w.-]{1,64}$/

/**
 * Takes what may be the id of an error from elsewhere: 1 to 64 letters, digits, dots, dashes and underscores, a UUID or not.
 * Undefined for anything else, which could not be sent in a header.
 */
export function asErrorId(value: unknown): string | undefined {
  return typeof value === 'string' && TOKEN.test(value) ? value : undefined
}
