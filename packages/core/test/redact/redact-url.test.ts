import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const redactor = createRedactor()

describe('url', () => {
  it.each([
    ['https://user:pass@host/', 'https://[redacted]@host/'],
    ['https://token@host/', 'https://[redacted]@host/'],
    ['postgres://u:p@h/db?sslmode=on', 'postgres://[redacted]@h/db?sslmode=on'],
    ['redis://:p@h', 'redis://[redacted]@h'],
    ['mongodb+srv://u:p%40x@h/db', 'mongodb+srv://[redacted]@h/db'],
    ['//u:p@h/x', '//[redacted]@h/x'],
    ['https:u:p@h', 'https:[redacted]@h'],
    ['https:\\\\u:p@h\\x', 'https:\\\\[redacted]@h\\x'],
    ['postgres://u:pa/ss@h/db', 'postgres://[redacted]@h/db'],
    ['postgres://u:p#a?s@h/db', 'postgres://[redacted]@h/db'],
    ['/a?url=https://u:p@h/', '/a?url=https://[redacted]@h/'],
  ])('hides the user info of %s', (url, expected) => {
    expect(redactor.url(url)).toBe(expected)
  })

  it.each([
    ['/x?api_key=a&b=%20c+d', '/x?api_key=[redacted]&b=%20c+d'],
    ['/x?%61pi_key=a', '/x?%61pi_key=[redacted]'],
    ['/x?%2561pi_key=a', '/x?%2561pi_key=[redacted]'],
    ['/x?user+password=a', '/x?user+password=[redacted]'],
    ['/x?user%5Bpin%5D=1', '/x?user%5Bpin%5D=[redacted]'],
    ['?token=a', '?token=[redacted]'],
    ['/x?token=a?token=b', '/x?token=[redacted]?token=[redacted]'],
    ['/cb#access_token=a&state=1', '/cb#access_token=[redacted]&state=1'],
    ['/#/cb?token=a', '/#/cb?token=[redacted]'],
    ['/x?%zz=a&%ff=b', '/x?%zz=[redacted]&%ff=[redacted]'],
    ['/x?token=%zz', '/x?token=[redacted]'],
    ['/x?a=eyJhbGciOiJI.eyJzdWIiOiIx.abc', '/x?a=[redacted]'],
  ])('hides the secrets among the parameters of %s', (url, expected) => {
    expect(redactor.url(url)).toBe(expected)
  })

  it('redacts a URL or JSON in a parameter and encodes it again', () => {
    const next = `/x?next=${encodeURIComponent('https://u:p@h/?token=a&b=c')}&z=1`
    const expected = encodeURIComponent('https://[redacted]@h/?token=[redacted]&b=c')
    expect(redactor.url(next)).toBe(`/x?next=${expected}&z=1`)
    const filter = `/x?f=${encodeURIComponent('{"password":"a"}')}`
    expect(redactor.url(filter)).toBe(`/x?f=${encodeURIComponent('{"password":"[redacted]"}')}`)
  })

  it('encodes a text with lone surrogates', () => {
    expect(redactor.url('/x?f=\ud800 pin=1')).toBe('/x?f=%EF%BF%BD%20pin%3D%5Bredacted%5D')
  })

  it.each([
    'https://host/path?a=1&b=%zz&c=%C3%A4#top',
    'https://medium.com/@user?mail=a@b.c',
    'http://[::1]:80/x',
    '/x?token=',
    '/x?next=https%3a%2f%2fh%2f&d=%7B%22a%22%3A1%7D',
    'mailto:a@b.c',
    'not a url',
    '',
  ])('does not change %s', (url) => {
    expect(redactor.url(url)).toBe(url)
  })
})

describe('form', () => {
  it.each([
    ['a=1&password=x&b=%20', 'a=1&password=[redacted]&b=%20'],
    ['?a+b=1&pass%77ord=2', '?a+b=1&pass%77ord=[redacted]'],
    ['a&b&password=1', 'a&b&password=[redacted]'],
    ['card[number]=4242&card[brand]=visa', 'card[number]=[redacted]&card[brand]=visa'],
    ['x=%7B%22pin%22%3A1%7D', `x=${encodeURIComponent('{"pin":"[redacted]"}')}`],
    ['{"password":"a=b"}', '{"password":"[redacted]"}'],
    ['a=1;password=x', 'a=1;password=[redacted]'],
  ])('redacts %s', (form, expected) => {
    expect(decodeURIComponent(redactor.form(form))).toBe(decodeURIComponent(expected))
  })

  it('cuts a form that is too long, and the marker says how many bytes were dropped', () => {
    const redacted = redactor.form(`password=x&a=${'y'.repeat(2_000_000)}`)
    expect(redacted).toMatch(/^password=\[redacted\]&a=y+\[truncated: \d+ bytes\]$/)
    expect(redacted.length).toBeLessThan(1_100_000)
  })
})

it('redacts a path segment that is recognised as a secret by its form, encoded or not', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.cAnArY7391cAnArY7391'
  const hook = `https://${['hooks', 'slack', 'com'].join('.')}/services/T00000000/B00000000/cAnArY7391cAnArY7391aaaa`
  const paths = [
    `/verify/${token}`,
    `/verify/${token}/again?a=1`,
    `/pay/${encodeURIComponent('4111 1111 1111 1111')}`,
    `/to/${encodeURIComponent(hook)}`,
    `/find/${encodeURIComponent('{"password":"cAnArY7391"}')}`,
    `/find/${encodeURIComponent('password=cAnArY7391')}/x`,
  ]
  for (const path of paths) {
    expect(redactor.url(path)).not.toMatch(/cAnArY7391|4111/)
    expect(redactor.url(redactor.url(path))).toBe(redactor.url(path))
  }
})

it('does not change a path segment without a secret', () => {
  for (const path of ['/a%20b/%C3%A9/100%', '/caf%C3%A9/x%2Fy?q=%20', '/eyJ/x', '/%E0%A4%A/x'])
    expect(redactor.url(path)).toBe(path)
})
