import { randomBytes, timingSafeEqual } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ForeignOriginError, NotJsonError, TokenError } from '../api/refusals.js'

/** The header that has to repeat the cookie. */
const TOKEN_HEADER = 'x-scs-token'
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * The token of a client, which a change must send as a header while the browser sends it as a cookie: another site can send neither
 * header nor cookie. Nothing is stored, so that any instance can check it.
 */
export function tokenFor(request: FastifyRequest, reply: FastifyReply): string {
  const known = cookieOf(request)
  const token = known ?? randomBytes(32).toString('base64url')
  if (known === undefined) {
    const cookie = stringifySetCookie({
      name: cookieName(request),
      value: token,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isHttps(request),
    })
    reply.header('set-cookie', cookie)
  }
  return token
}

/**
 * Checks that a question comes from the console's own page, or from no page at all: what the application allows other sites by CORS
 * is not meant for what was recorded.
 *
 * @throws ForeignOriginError
 */
export function checkReading(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers
  const isOwn = origin === undefined || isOwnOrigin(request)
  if (isOwn && (site === 'none' || site === 'same-origin')) return
  throw new ForeignOriginError('The console answers its own page only')
}

/**
 * Checks that a change comes from the console's own page, before its body is read.
 *
 * @throws ForeignOriginError, TokenError, NotJsonError
 */
export function checkChange(request: FastifyRequest): void {
  const { 'sec-fetch-site': site, 'content-type': contentType } = request.headers
  // Every browser sends the origin with a POST; whoever else makes changes can say it too.
  if (!isOwnOrigin(request) || (site ?? 'same-origin') !== 'same-origin')
    throw new ForeignOriginError('A change must come from the page of the console: send its Origin')
  const sent = request.headers[TOKEN_HEADER]
  const token = cookieOf(request)
  if (typeof sent !== 'string' || token === undefined || !isSame(sent, token))
    throw new TokenError(`A change needs the token of the session in the header ${TOKEN_HEADER}`)
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
    throw new NotJsonError('A change must be application/json')
}

/** Bound to the host by its name over HTTPS, where a browser keeps to it. */
function cookieName(request: FastifyRequest): string {
  return isHttps(request) ? '__Host-scs-token' : 'scs-token'
}

function isHttps({ protocol }: FastifyRequest): boolean {
  return protocol === 'https'
}

function cookieOf(request: FastifyRequest): string | undefined {
  const token = parseCookie(request.headers.cookie ?? '')[cookieName(request)]
  return token !== undefined && TOKEN.test(token) ? token : undefined
}

function isSame(one: string, other: string): boolean {
  const bytes = Buffer.from(one)
  const otherBytes = Buffer.from(other)
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes)
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  const { host, protocol } = new URL(origin)
  // Behind a proxy that does not say so, HTTPS looks like HTTP; it is never the other way round.
  return host === request.host.toLowerCase() && (protocol === 'https:' || !isHttps(request))
}
