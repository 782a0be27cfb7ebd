import { describe, expect, it } from 'vitest'
import { describeBody } from '../../src/bodies/describe-body.js'
import { createRedactor } from '../../src/redact/redactor.js'

const app = createRedactor({ keys: ['iban'], headers: ['x-partner'], censor: '***' })
const redactor = app.extend({ keep: ['session_id', 'X-Session-Token'] })

function described(text: string, type: string): unknown {
  const bytes = Buffer.from(text)
  const captured = { bytes, totalBytes: bytes.length, isWhole: true }
  return describeBody({ captured, bytes, isWhole: true }, type, redactor).value
}

describe('a redactor with kept names', () => {
  it('hides the values when no names are kept', () => {
    expect(app.value({ session_id: 'abc' })).toEqual({ session_id: '***' })
    expect(app.url('/a?session_id=abc')).toBe('/a?session_id=***')
  })

  it('keeps their values in JSON, whatever these contain', () => {
    const value = { session_id: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', at: [{ session_id: 12 }] }
    expect(redactor.value(value)).toEqual(value)
    expect(redactor.json(JSON.stringify(value))).toBe(JSON.stringify(value))
    expect(described(JSON.stringify(value), 'application/json')).toEqual(value)
    expect(described(`${JSON.stringify(value)}\n`, 'application/x-ndjson')).toContain('sk_live_4eC')
  })

  it('keeps them in queries, forms and headers, for headers in any case', () => {
    expect(redactor.url('https://a.b/c?session_id=a%20b&token=x')).toBe(
      'https://a.b/c?session_id=a%20b&token=***',
    )
    expect(redactor.form('session_id=abc&password=x')).toBe('session_id=abc&password=***')
    expect(described('session_id=abc&pin=1', 'application/x-www-form-urlencoded')).toBe(
      'session_id=abc&pin=***',
    )
    expect(redactor.headers({ 'x-session-token': 'abc', cookie: 'session_id=abc' })).toEqual({
      'x-session-token': 'abc',
      cookie: '***',
    })
  })

  it('keeps neither another notation of a name nor the values within a kept object', () => {
    expect(
      redactor.value({
        sessionId: 'a',
        session_id_secret: 'b',
        session_id: { token: 'c', plain: 'd' },
        'user.session_id': 'e',
      }),
    ).toEqual({
      sessionId: '***',
      session_id_secret: '***',
      session_id: '***',
      'user.session_id': '***',
    })
    expect(redactor.form('session_id[]=a&sessionid=b')).toBe('session_id[]=***&sessionid=***')
    expect(redactor.text('session_id=abc was refused')).not.toContain('abc')
    expect(redactor.isSensitiveKey('session_id')).toBe(true)
  })

  it('hides a very long value under a kept name', () => {
    expect(redactor.value({ session_id: 'a'.repeat(9_000) })).toEqual({ session_id: '***' })
  })

  it('hides everything else as the redactor that it extends does, and the names added with it', () => {
    const more = app.extend({ keys: ['shoeSize'], headers: ['x-more'] })
    expect(more.value({ iban: 'DE1', shoe_size: '43' })).toEqual({ iban: '***', shoe_size: '***' })
    expect(more.headers({ 'x-partner': 'a', 'x-more': 'b' })).toEqual({
      'x-partner': '***',
      'x-more': '***',
    })
    expect(app.value({ shoe_size: '43' })).toEqual({ shoe_size: '43' })
    expect(more.extend({ keep: ['iban'] }).value({ iban: 'DE1', shoe_size: '43' })).toEqual({
      iban: 'DE1',
      shoe_size: '***',
    })
  })
})
