import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { curlOf, quoted } from '../../src/record/curl.js'

const CALL = {
  isRemoteRequest: true,
  method: 'POST',
  url: 'https://api.test/v1/charges?a[]=1&b={x}',
  requestHeaders: { authorization: '[redacted]', 'content-type': 'application/json', host: 'x' },
  data: { amount: 100, card: '[redacted]' },
}

/** The arguments that a shell makes of a command. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for each in "$@"; do printf '%s\\0' "$each"; done; }; ${command}`
  return execFileSync('/bin/sh', ['-c', script]).toString().split('\0').slice(0, -1)
}

describe('a call as a command', () => {
  it('has its method, address, headers and body, and what was redacted stays so', () => {
    expect(argumentsOf(curlOf(CALL) ?? '')).toEqual([
      '--globoff',
      ...['--request', 'POST'],
      ...['--url', 'https://api.test/v1/charges?a[]=1&b={x}'],
      ...['--header', 'authorization: [redacted]'],
      ...['--header', 'content-type: application/json'],
      ...['--data-raw', '{"amount":100,"card":"[redacted]"}'],
    ])
  })

  it('runs nothing that is in a record, whatever a shell would make of it', () => {
    for (const evil of [
      "'; touch /tmp/x; '",
      '$(touch /tmp/x)',
      '`id`',
      '"; id; "',
      'a\nb',
      "it's",
      '\\',
      "'",
      "''",
      '!!',
      '@/etc/passwd',
      '-o /tmp/x',
      '*',
      '~',
      '\u2028',
    ]) {
      const call = { ...CALL, requestHeaders: { 'x-evil': evil }, data: evil }
      const [, , , , , , header, , body] = argumentsOf(curlOf(call) ?? '')
      expect(header).toBe(`x-evil: ${evil.replace(/\n/g, ' ')}`)
      expect(body).toBe(evil)
    }
    expect(quoted('a\0b')).toBe("'ab'")
  })

  it('leaves out what is no method, header or web address', () => {
    expect(curlOf({ ...CALL, url: 'file:///etc/passwd' })).toBeNull()
    expect(curlOf({ ...CALL, url: '-K/etc/passwd' })).toBeNull()
    expect(curlOf({ ...CALL, method: 'GET -o x' })).toBeNull()
    expect(curlOf({ ...CALL, isRemoteRequest: false })).toBeNull()
    const headers = { '@/etc/passwd': 'x', 'a b': 'x' }
    expect(curlOf({ ...CALL, requestHeaders: headers })).not.toContain('--header')
  })
})
