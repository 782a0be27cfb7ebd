import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { createRedactor } from '@fastify-scs/core'
import { WorkBudget } from '@fastify-scs/core/kit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  boundHeaders,
  HeaderRecorder,
  MAX_HEADER_BYTES,
  recordHeaders,
} from '../../src/log/redaction.js'
import { MAX_HEADERS, MAX_VALUE_BYTES } from '../../src/raw-headers.js'
import { flatHeaders } from '../../src/transport/flat-headers.js'
import { buildApp, only } from '../build-app.js'

const MEBIBYTE = 1_048_576

function bytesOf(headers: readonly (string | Buffer)[]): number {
  return headers.reduce((sum, part) => sum + part.length, 0)
}

describe('headers of one message are bounded before they are redacted', () => {
  it('ordinary headers are passed through as the same list', () => {
    const headers = ['content-type', 'text/plain', 'set-cookie', Buffer.from('a=b')]
    expect(boundHeaders(headers)).toEqual({ headers, isTruncated: false })
    expect(boundHeaders(headers).headers).toBe(headers)
  })

  it('a value that is too long is dropped whole; the other headers are kept', () => {
    const headers = [
      'x-long',
      'v'.repeat(MAX_VALUE_BYTES + 1),
      'x-full',
      'v'.repeat(MAX_VALUE_BYTES),
    ]
    const bounded = boundHeaders(headers)
    expect(bounded.isTruncated).toBe(true)
    expect(bounded.headers).toEqual(['x-long', '[truncated: 8193 bytes]', 'x-full', headers[3]])
  })

  it('a name that is too long is dropped too', () => {
    const bounded = boundHeaders(['n'.repeat(9_000), 'v'])
    expect(bounded).toEqual({ headers: ['[truncated: 9000 bytes]', 'v'], isTruncated: true })
  })

  it('any headers stay within the limits, and the record says when some are missing', () => {
    const part = fc.nat(3 * MAX_VALUE_BYTES).map((length) => 'x'.repeat(length))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('name'), part), { maxLength: 1_100 }), (pairs) => {
        const headers = pairs.flat()
        const bounded = boundHeaders(headers)
        expect(bytesOf(bounded.headers)).toBeLessThanOrEqual(MAX_HEADER_BYTES + 100)
        expect(bounded.headers.length).toBeLessThanOrEqual(2 * MAX_HEADERS + 2)
        expect(bounded.isTruncated).toBe(bytesOf(bounded.headers) !== bytesOf(headers))
      }),
      { numRuns: 20 },
    )
  })

  it.each<[string, unknown]>([
    ['a flat list', Array.from({ length: 200_000 }, (_none, at) => `${at}`)],
    ['pairs', Array.from({ length: 100_000 }, (_none, at) => [`x-${at}`, 'v']).values()],
    [
      'an object',
      Object.fromEntries(Array.from({ length: 20_000 }, (_none, at) => [`x-${at}`, 'v'])),
    ],
    ['a header of many values', { cookie: Array.from({ length: 100_000 }, () => 'v') }],
    ['text', Array.from({ length: 100_000 }, (_none, at) => `x-${at}: v`).join('\r\n')],
  ])(
    'of very many no more is taken over than is needed to see that there are more: %s',
    (_form, headers) => {
      const flat = flatHeaders(headers)
      expect(flat).toHaveLength(2 * (MAX_HEADERS + 1))
      expect(boundHeaders(flat).headers.slice(-2)).toEqual([
        '[truncated]',
        '[truncated: more headers]',
      ])
    },
  )
})

describe('8 MiB of headers from an upstream', { timeout: 60_000 }, () => {
  const answers: Record<string, string> = {
    '/one': `x-one: ${'a=b; '.repeat((8 * MEBIBYTE) / 5)}`,
    '/long': Array.from({ length: 1_000 }, (_none, at) => `x-${at}: ${'a=b; '.repeat(1_600)}`).join(
      '\r\n',
    ),
    '/many': Array.from({ length: 200_000 }, (_none, at) => `x-${at}: ${'v'.repeat(30)}`).join(
      '\r\n',
    ),
  }
  let server: Server
  let origin: string
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (head) => {
        const path = head.toString('latin1').split(' ')[1] ?? ''
        socket.end(
          `HTTP/1.1 200 OK\r\nx-first: 1\r\n${answers[path]}\r\ncontent-length: 2\r\n\r\nok`,
        )
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it.each(Object.keys(answers))(
    'are recorded in part, and little of them is redacted: %s',
    async (path) => {
      const agent = { maxHeaderSize: 16 * MEBIBYTE }
      const { app, records } = await buildApp({
        log: { services: { large: { origin, agent } }, queuedAfterMs: 3_600_000 },
      })
      const redact = vi.spyOn(app.scs.redactor, 'headers')
      const response = await app.integrations.service('large').fetch(path)
      expect(await response.text()).toBe('ok')
      const record = only(await records())
      expect(record).toMatchObject({ status: 'Completed', output: 'ok', truncated: true })
      expect(record.responseHeaders).toMatchObject({ 'x-first': '1' })
      const seen = redact.mock.calls.map(([headers]) => JSON.stringify(headers).length)
      expect(Math.max(...seen)).toBeLessThan(2 * MAX_HEADER_BYTES)
      await app.close()
    },
  )
})

it('headers that the application logs itself are bounded as well', async () => {
  const { app, records } = await buildApp()
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_none, at) => [`x-${at}`, 'v']))
  app.integrations.log({
    service: 'a',
    requestHeaders: many,
    responseHeaders: { 'x-a': 'v'.repeat(9_000) },
  })
  const { requestHeaders, responseHeaders, truncated } = only(await records())
  expect(Object.keys(requestHeaders ?? {})).toHaveLength(MAX_HEADERS + 1)
  expect(responseHeaders).toEqual({ 'x-a': '[truncated: 9000 bytes]' })
  expect(truncated).toBe(true)
  await app.close()
})

describe('remembering clean headers does not change what is recorded', () => {
  const redactor = createRedactor()
  const name = fc.constantFrom(
    'x-a',
    'X-A',
    'set-cookie',
    'authorization',
    '__proto__',
    'constructor',
  )
  const text = fc.constantFrom('1', '2', 'Bearer abcdefghijklmnop', 'a'.repeat(200))
  const message = fc.array(fc.tuple(name, text), { maxLength: 6 }).map((pairs) => pairs.flat())

  it('for any messages, one after the other', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const recorder = new HeaderRecorder(redactor)
        for (const headers of messages) {
          const expected = recordHeaders(headers, redactor, new WorkBudget())
          expect(recorder.record(headers, new WorkBudget())).toEqual(expected)
        }
      }),
    )
  })

  it('a value that was cut because the budget was spent is not remembered', () => {
    const recorder = new HeaderRecorder(redactor)
    const headers = ['x-note', 'token=a, then some words']
    const spent = new WorkBudget(1)
    spent.spend(2)
    recorder.record(headers, spent)
    expect(recorder.record(headers, new WorkBudget()).value).toEqual(
      recordHeaders(headers, redactor).value,
    )
  })

  it('redacted and long values are not remembered', () => {
    const headers = vi.fn(redactor.headers)
    const recorder = new HeaderRecorder({ ...redactor, headers })
    const given = [
      'authorization',
      'Bearer abcdefghijklmnop',
      'x-long',
      'a b '.repeat(50),
      'x-a',
      '1',
    ]
    recorder.record(given, new WorkBudget())
    recorder.record(given, new WorkBudget())
    const asked = headers.mock.calls.map(([record]) => Object.keys(record))
    expect(asked).toEqual([
      ['authorization', 'x-long', 'x-a'],
      ['authorization', 'x-long'],
    ])
  })
})
