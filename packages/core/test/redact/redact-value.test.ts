import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const redactor = createRedactor()

describe('value', () => {
  it('replaces the whole value of a sensitive key', () => {
    const value = {
      password: 'x',
      token: 7,
      auth: { user: 'u', pass: 'p' },
      cookies: ['a'],
      name: 'Jane',
    }
    expect(redactor.value(value)).toEqual({
      password: '[redacted]',
      token: '[redacted]',
      auth: '[redacted]',
      cookies: '[redacted]',
      name: 'Jane',
    })
  })

  it('leaves null, undefined and booleans under a sensitive key readable', () => {
    expect(redactor.value({ password: null, token: undefined, csrf: true })).toEqual({
      password: null,
      csrf: true,
    })
  })

  it('leaves only 0 and 1 readable under a key that names a flag', () => {
    const flags = { is_auth: 1, isAuth: 0, hasPassword: 1, 'can-token': 0, IS_AUTH: 1, has_pin: 0 }
    expect(redactor.value(flags)).toEqual(flags)
    const hidden = {
      is_auth: 2,
      isAuth: '1',
      has_password: 'hunter2',
      has_pin: 1234,
      is_token: [1],
      isCookie: { id: 1 },
      can_secret: 1n,
      auth: 1,
      pin: 0,
      hashSalt: 1,
      issuedToken: 1,
      cancelToken: 1,
      user_is_auth: 1,
    }
    const copy = redactor.value({ ...hidden }) as Record<string, unknown>
    expect(Object.values(copy)).toEqual(Object.keys(hidden).map(() => '[redacted]'))
  })

  it('hides 0 and 1 under a flag that the application has listed', () => {
    const strict = createRedactor({ keys: ['is_vip', 'is_auth'] })
    const value = { isVip: 1, 'user[is_auth]': 1, isAuth: 0, is_vip: true, has_pin: 1 }
    expect(strict.value(value)).toEqual({
      isVip: '[redacted]',
      'user[is_auth]': '[redacted]',
      isAuth: '[redacted]',
      is_vip: true,
      has_pin: 1,
    })
  })

  it('redacts within Maps, errors, class instances and lists of names and values', () => {
    const error = Object.assign(new Error('password=x'), {
      config: { headers: { Authorization: 'Bearer x' } },
    })
    error.stack = 'Error: password=x'
    expect(redactor.value(error)).toEqual({
      name: 'Error',
      message: 'password=[redacted]',
      stack: 'Error: password=[redacted]',
      config: { headers: { Authorization: '[redacted]' } },
    })
    expect(redactor.value(new Map([['password', 'x']]))).toEqual({ password: '[redacted]' })
    expect(
      redactor.value([
        { name: 'Cookie', value: 'x' },
        { key: 'pin', value: 1 },
        { name: 'a', value: 'b' },
      ]),
    ).toEqual([
      { name: 'Cookie', value: '[redacted]' },
      { key: 'pin', value: '[redacted]' },
      { name: 'a', value: 'b' },
    ])
  })

  it('redacts JSON within strings within strings, and drops what is nested too deep', () => {
    const wrap = (text: string): string => JSON.stringify({ body: text })
    let text = '{"password":"canary"}'
    for (let level = 0; level < 3; level += 1) text = wrap(text)
    expect(redactor.value(text)).toBe(text.replace('canary', '[redacted]'))
    for (let level = 0; level < 5; level += 1) text = wrap(text)
    const copy = JSON.stringify(redactor.value({ text }))
    expect(copy).not.toContain('canary')
    expect(copy).toContain('[truncated: too deep]')
  })

  it('redacts strings as JSON, URLs, forms or text, by their form', () => {
    const value = {
      json: ' {"password":"x","n":1}',
      list: '[1,{"pin":2}]',
      url: 'https://u:p@h/?token=x&a=b',
      path: 'https://h/x;password=abc',
      form: 'a=b&card[cvc]=123',
      text: 'login failed: password=x',
      encoded: 'password%3Dx',
      plain: 'Order 42 was not found',
    }
    expect(redactor.value(value)).toEqual({
      json: '{"password":"[redacted]","n":1}',
      list: '[1,{"pin":"[redacted]"}]',
      url: 'https://[redacted]@h/?token=[redacted]&a=b',
      path: 'https://h/x;password=[redacted]',
      form: 'a=b&card[cvc]=[redacted]',
      text: 'login failed: password=[redacted]',
      encoded: 'password%3D%5Bredacted%5D',
      plain: 'Order 42 was not found',
    })
  })

  it('redacts JSON that is used as a key', () => {
    expect(redactor.value({ '{"password":"x"}': '' })).toEqual({
      '{"password":"[redacted]"}': '[redacted]',
    })
  })

  it('drops JSON that cannot be parsed', () => {
    expect(redactor.value(['{"password":"x', '[{"a":1},{"pin":'])).toEqual([
      '[unparsable: 14 bytes]',
      '[unparsable: 16 bytes]',
    ])
  })

  it('does not change log lines and its own markers', () => {
    const lines = [
      '[error] failed',
      '[2026-01-01] started',
      '50% off',
      '[truncated: 3 items]',
      '[redacted]',
      'C:\\temp',
    ]
    expect(redactor.value(lines)).toEqual(lines)
  })

  it('uses the censor of the options', () => {
    const starred = createRedactor({ censor: '***' })
    expect(starred.censor).toBe('***')
    expect(starred.value({ password: 'x', text: 'pin=1' })).toEqual({
      password: '***',
      text: 'pin=***',
    })
    expect(createRedactor({ censor: 'a b&c' }).url('/?pin=1')).toBe('/?pin=a%20b%26c')
    const spaced = createRedactor({ censor: '(a b)' })
    expect(spaced.text(spaced.text('password=x y'))).toBe('password=(a b) y')
    expect(createRedactor({ censor: '' }).text('password=x y')).toBe('password= y')
  })
})

describe('json', () => {
  it('redacts a document, and the result is JSON', () => {
    expect(redactor.json('{"password":"x","a":[1,{"token":null}]}')).toBe(
      '{"password":"[redacted]","a":[1,{"token":null}]}',
    )
    expect(redactor.json('"password=x"')).toBe('"password=[redacted]"')
    expect(redactor.json('{"\\u0070assword":"x"}')).toBe('{"password":"[redacted]"}')
    expect(redactor.json('\uFEFF{"pin":1}')).toBe('{"pin":"[redacted]"}')
  })

  it('drops a text that is not JSON, and the marker says how many bytes it had', () => {
    expect(redactor.json('{"password":"é')).toBe('[unparsable: 15 bytes]')
    expect(redactor.json('')).toBe('[unparsable: 0 bytes]')
  })

  it('drops a document that is too long', () => {
    const text = JSON.stringify({ a: 'x'.repeat(1_048_576) })
    expect(redactor.json(text)).toBe(`[truncated: ${text.length} bytes]`)
  })

  it('redacts the secrets of a document in which a key occurs twice', () => {
    expect(
      redactor.json('{"a":{"password":"canary"},"a":1,"password":"canary","password":null}'),
    ).not.toContain('canary')
  })
})
