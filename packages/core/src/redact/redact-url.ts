import { decodeLeniently, encode, redactParameter, redactParameters } from './redact-form.js'
import {
  DECODED,
  MAX_TEXT_BYTES,
  PASSED_OVER,
  type RedactRules,
  splitAtLimit,
  truncated,
} from './redact-rules.js'
import { redactShapes } from './shape-scan.js'

// `//` at the start or after a colon. Browsers also accept these schemes without it, and `\` as `/`.
const AUTHORITY = /(?:^|:)[/\\]{2,}|^\s*(?:https?|wss?|ftp):[/\\]*/gi

const MATRIX_PARAMETER = /(?<=[;/\\])[^;/\\=]+=[^;/\\]*/g

// Units of work for each place where user info may start.
const AUTHORITY_UNITS = 6
// Units of work for a parameter of the path.
const PARAMETER_UNITS = 4

// The limit keeps the time linear when a text holds many URLs.
const USER_INFO_MAX_LENGTH = 1024

/** Redacts the user info, the parameters and the secrets known by shape of an absolute or relative URL; the rest is unchanged. */
export function redactUrl(rules: RedactRules, text: string, nesting: number): string {
  if (!rules.budget.spend(1 + text.length / PASSED_OVER)) return truncated(text)
  const { kept, marker } = splitAtLimit(text, MAX_TEXT_BYTES)
  const url = kept.includes('@') ? redactUserInfos(rules, kept) : kept
  const start = url.search(/[?#]/)
  const path = redactPath(rules, start === -1 ? url : url.slice(0, start), nesting)
  if (start === -1) return path + marker
  // A fragment may hold a query of its own (`#/path?key=value`), and a query a second question mark.
  const parameters = redactParameters(rules, url.slice(start + 1), /[&?#]/g, nesting)
  return path + url.charAt(start) + parameters + marker
}

/** Redacts the path, with its matrix parameters: `/path;jsessionid=...`, `jdbc:sqlserver://host;password=...`. */
function redactPath(rules: RedactRules, path: string, nesting: number): string {
  const redacted = path.includes('=')
    ? path.replace(MATRIX_PARAMETER, (pair) =>
        rules.budget.spend(PARAMETER_UNITS)
          ? redactParameter(rules, pair, nesting)
          : rules.urlCensor,
      )
    : path
  return redactSegments(rules, redactShapes(redacted, rules.urlCensor), nesting)
}

// A percent escape, or the beginning of a JSON web token: `/verify/eyJ...`.
const OPAQUE = /%[\da-f]{2}|eyJ/i

/** Redacts each segment of a path by itself: it may be a token, a URL or JSON. */
function redactSegments(rules: RedactRules, path: string, nesting: number): string {
  if (!OPAQUE.test(path)) return path
  if (!rules.budget.spend(path.length / DECODED)) return truncated(path)
  return path
    .split('/')
    .map((segment) => (OPAQUE.test(segment) ? redactSegment(rules, segment, nesting) : segment))
    .join('/')
}

function redactSegment(rules: RedactRules, segment: string, nesting: number): string {
  const decoded = decodeLeniently(segment)
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return segment
  return redacted === rules.censor ? rules.urlCensor : encode(redacted)
}

function redactUserInfos(rules: RedactRules, url: string): string {
  let redacted = ''
  let done = 0
  for (const { index, 0: mark } of url.matchAll(AUTHORITY)) {
    const start = index + mark.length
    if (start < done) continue
    if (!rules.budget.spend(AUTHORITY_UNITS))
      return redacted + url.slice(done, index) + truncated(url.slice(index))
    const end = userInfoEnd(url, start)
    if (end === -1) continue
    redacted += url.slice(done, start) + rules.urlCensor
    done = end
  }
  return redacted + url.slice(done)
}

/** The index of the `@` that ends the user info of the authority that starts at `start`, or -1. */
export function userInfoEnd(text: string, start: number): number {
  const rest = text.slice(start, start + USER_INFO_MAX_LENGTH)
  if (!rest.includes('@')) return -1
  const pathStart = rest.search(/[/\\?#]/)
  const authority = pathStart === -1 ? rest : rest.slice(0, pathStart)
  const at = authority.lastIndexOf('@')
  if (at !== -1) return start + at
  // `postgres://u:pa/ss@host`: `pa` is not a port, so the slash belongs to the password.
  const isHost = /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(authority)
  return isHost ? -1 : start + rest.lastIndexOf('@')
}
