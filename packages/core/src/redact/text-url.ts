import { userInfoEnd } from './redact-url.js'
import type { TextScanner } from './text-scanner.js'

// Looking no further for the user info of a URL keeps the time linear.
const URL_WINDOW = 512
const URL_END = /[\s"<>`]/g
const AUTHORITY = /[^/\\?#\s"<>`]*/y
// `http://host:port/`, `//${host}:${port}`: a word for a number.
const PORT = /^(?:\d*|[$<{[(%:]+.*|.*port.*|[.…*x]+)$/i

/** Where the user info of a URL ends whose authority starts at an index; -1 if it has none. */
export function urlUserEnd(scan: TextScanner, start: number): number {
  const window = Math.min(start + URL_WINDOW, scan.text.length)
  // Both are remembered, so a text of many URLs is read once.
  const at = scan.next('@', start)
  if (at >= window) return -1
  const end = Math.min(scan.next(URL_END, start), window)
  if (at >= end) return -1
  const length = userInfoEnd(scan.text.slice(start, end), 0)
  scan.charge(end - start)
  return length === -1 ? -1 : start + length
}

/**
 * Where the credentials of a URL end that was cut before their `@`: what follows the colon is no port, so
 * `postgres://bob:hunt` is a name and a part of a password. -1 if there are none.
 */
export function cutCredentialsEnd(scan: TextScanner, start: number): number {
  const window = Math.min(start + URL_WINDOW, scan.text.length)
  const end = Math.min(scan.endOf(AUTHORITY, start), window)
  const authority = scan.text.slice(start, end)
  const colon = authority.startsWith('[') ? -1 : authority.indexOf(':')
  if (colon < 1) return -1
  const port = authority.slice(colon + 1).replace(/(?:\[truncated|[)\]}'.,;:!?…]).*$/, '')
  if (PORT.test(port)) return -1
  return Math.min(scan.next(URL_END, start), window)
}
