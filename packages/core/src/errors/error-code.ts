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
