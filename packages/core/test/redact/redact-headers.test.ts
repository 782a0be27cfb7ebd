import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

describe('headers', () => {
  it.each(
    `Authorization proxy-authorization Cookie set-cookie X-Api-Key x-auth-token x-csrf-token x-xsrf-token
    x-amz-security-token x-goog-api-key x-goog-iap-jwt-assertion x-vault-token x-gitlab-token x-hub-signature
    x-hub-signature-256 stripe-signature dpop x-forwarded-client-cert`.split(/\s+/),
  )('hides %s', (name) => {
    expect(createRedactor().headers({ [name]: 'canary' })).toEqual({ [name]: '[redacted]' })
  })

  it('leaves the other headers readable, and redacts URLs and secrets in them', () => {
    const headers = {
      accept: '*/*',
      'content-length': 12,
      'content-type': 'application/json; charset=utf-8',
      date: 'Tue, 01 Jan 2026 10:00:00 GMT',
      'access-control-allow-credentials': 'true',
      'set-cookie': ['a=1', 'b=2'],
      'x-many': ['a', 'token=b'],
      referer: 'https://u:p@h/?token=x&a=b',
      location: '/cb?%63ode=1#access_token=x',
      link: '<https://h/?token=x>; rel="next"',
      'x-note': 'sent with Bearer abc',
      missing: undefined,
      nothing: null,
    }
    expect(createRedactor().headers(headers)).toEqual({
      accept: '*/*',
      'content-length': '12',
      'content-type': 'application/json; charset=utf-8',
      date: 'Tue, 01 Jan 2026 10:00:00 GMT',
      'access-control-allow-credentials': 'true',
      'set-cookie': ['[redacted]', '[redacted]'],
      'x-many': ['a', 'token=[redacted]'],
      referer: 'https://[redacted]@h/?token=[redacted]&a=b',
      location: '/cb?%63ode=1#access_token=[redacted]',
      link: '<https://h/?token=[redacted]>; rel="next"',
      'x-note': 'sent with Bearer [redacted]',
    })
  })

  it('redacts headers that hold a URL as URLs, even with a space in it', () => {
    expect(createRedactor().headers({ Location: '/a b?%ff=canary' })).toEqual({
      Location: '/a b?%ff=[redacted]',
    })
  })

  it('hides the headers of the options too', () => {
    const redactor = createRedactor({ headers: ['X-Partner'] })
    expect(redactor.headers({ 'x-partner': 'a', 'x-partners': 'b' })).toEqual({
      'x-partner': '[redacted]',
      'x-partners': 'b',
    })
    expect(redactor.isSensitiveKey('x-partner')).toBe(false)
  })

  it('limits the number of headers and the length of each', () => {
    const headers = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`h${index}`, 'x'.repeat(100)]),
    )
    const redacted = createRedactor().headers({ big: 'x'.repeat(100_000), ...headers })
    expect(Object.keys(redacted)).toHaveLength(1001)
    expect(redacted['[truncated]']).toBe('[truncated: 501 items]')
    expect(redacted.big).toBe(`${'x'.repeat(65_536)}[truncated: 34464 bytes]`)
  })

  it('copies a header named __proto__ like any other', () => {
    const redacted = createRedactor().headers(JSON.parse('{"__proto__":"a=b"}'))
    expect(Object.entries(redacted)).toEqual([['__proto__', 'a=b']])
  })
})
