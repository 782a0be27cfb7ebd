/** `AUTH_RATE_LIMITED` -> `auth-rate-limited`, `I'm a Teapot` -> `i-m-a-teapot`. */
export function toKebabCase(text: string): string {
  // The usual code needs no Unicode classes, which are slow; this runs for every thrown ServiceError.
  if (/^\w+$/.test(text)) return text.replaceAll('_', '-').toLowerCase()
  return text.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()
}

/** `auth-rate-limited` -> `AUTH_RATE_LIMITED`. */
export function toUpperSnakeCase(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '_').toUpperCase()
}

const TOKEN = /^[\w.-]{1,64}$/

/**
 * The value itself where it can be the id of an error: 1 to 64 letters, digits, dots, dashes and underscores. Undefined for
 * anything else, which could not be sent in a header.
 */
export function asErrorId(value: unknown): string | undefined {
  return typeof value === 'string' && TOKEN.test(value) ? value : undefined
}

const CODE = /^[A-Z][A-Z0-9_]*$/

/** Whether a value looks like the code of an error: `NO_STOCK`. */
export function isErrorCode(value: unknown): value is string {
  return typeof value === 'string' && CODE.test(value)
}

/**
 * The code of a foreign error, for its answer. Undefined for Fastify's own codes (`FST_ERR_CTP_...`): they name a place in Fastify,
 * and not what was wrong with the request.
 */
export function ownCodeOf(error: { readonly code?: unknown }): string | undefined {
  const { code } = error
  return isErrorCode(code) && !isOfFastify(error) ? code : undefined
}

/** Whether an error is Fastify's own, and not that of a plugin (`FST_JWT_...`). */
export function isOfFastify({ code }: { readonly code?: unknown }): boolean {
  return typeof code === 'string' && code.startsWith('FST_ERR_')
}

/** An id as a part of a URL's path. Half of a surrogate pair has no form there; U+FFFD stands for it, as in UTF-8. */
export function idInUrl(id: string): string {
  return encodeURIComponent(id.replace(/\p{Cs}/gu, '\ufffd'))
}
