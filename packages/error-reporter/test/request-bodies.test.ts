import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { boom, buildApp, type TestApp } from './build-app.js'

const SECRET = 'hunter2-s3cret'
const R = '[redacted]'

/** An app whose route crashes; bodies arrive as the parser gives them. */
async function crashingApp(
  parseAs: 'string' | 'buffer',
  bodyLimit: number = 1_048_576,
): Promise<TestApp> {
  const test = await buildApp({ reporter: { growth: 1, maxCallsPerMinute: false } })
  test.app.removeAllContentTypeParsers()
  test.app.addContentTypeParser('*', { parseAs, bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  test.app.post('/', boom)
  return test
}

/** The body in the report of a request. */
async function reportedBody(
  test: TestApp,
  payload: string | Buffer,
  contentType: string,
): Promise<unknown> {
  await test.app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': contentType },
    payload,
  })
  return (await test.reported()).at(-1)?.report.request?.body
}

const soap = `<?xml version="1.0"?><s:Envelope><s:Header><wsse:Password Type="t">${SECRET}</wsse:Password></s:Header><s:Body><order id="7"/></s:Body></s:Envelope>`
const multipart = `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${SECRET}\r\n--b--\r\n`
const shapes: readonly (readonly [type: string, text: string, shown: unknown])[] = [
  ['application/xml', `<a><password>${SECRET}</password></a>`, `<a><password>${R}</password></a>`],
  ['text/xml; charset=utf-8', soap, soap.replace(SECRET, R)],
  ['application/soap+xml; action="x"', soap, soap.replace(SECRET, R)],
  ['application/vnd.x+xml', `<a pin="${SECRET}"/>`, `<a pin="${R}"/>`],
  [
    'text/html',
    `<input type="password" value="${SECRET}">`,
    `<input type="password" value="${R}">${R}`,
  ],
  ['text/plain', `<login><token>${SECRET}</token></login>`, `<login><token>${R}</token></login>`],
  ['application/x-plist', `<dict><key>password</key><string>${SECRET}</string></dict>`, undefined],
  ['application/vnd.api+json', `{"data":{"password":"${SECRET}"}}`, { data: { password: R } }],
  ['application/problem+json', `{"api_key":"${SECRET}"}`, { api_key: R }],
  ['text/json', `\uFEFF{"pin":"${SECRET}"}`, { pin: R }],
  ['application/x-ndjson', `{"a":1}\n{"secret":"${SECRET}"}\n`, `{"a":1}\n{"secret":"${R}"}\n`],
  ['application/json-seq', `\u001e{"secret":"${SECRET}"}\n`, `\u001e{"secret":"${R}"}\n`],
  ['text/event-stream', `data: {"token":"${SECRET}"}\n\n`, `data: {"token":"${R}"}\n\n`],
  ['application/x-www-form-urlencoded', `a=1&password=${SECRET}`, `a=1&password=${R}`],
  [
    'multipart/form-data; boundary=b',
    multipart,
    {
      type: 'multipart/form-data',
      bytes: multipart.length,
      parts: [{ name: 'password', bytes: SECRET.length }],
    },
  ],
]

it.each(['string', 'buffer'] as const)(
  'a crashing request shows a body that was parsed to a %s by its content type, redacted',
  async (parseAs) => {
    const test = await crashingApp(parseAs)
    for (const [type, text, shown] of shapes) {
      const body = await reportedBody(test, text, type)
      expect(JSON.stringify(body), type).not.toContain(SECRET)
      if (shown !== undefined) expect(body, type).toEqual(shown)
    }
    expect(JSON.stringify(test.calls)).not.toContain(SECRET)
    expect(JSON.stringify(test.log)).not.toContain(SECRET)
  },
)

it('a body in another charset is read in it', async () => {
  const test = await crashingApp('buffer')
  const text = `<a><password>${SECRET}</password><b>caf\u00e9</b></a>`
  const body = await reportedBody(test, Buffer.from(text, 'utf16le'), 'text/xml; charset=utf-16le')
  expect(body).toBe(`<a><password>${R}</password><b>caf\u00e9</b></a>`)
})

it('no secret of an XML body is in a report, wherever the body is cut', async () => {
  const test = await crashingApp('string')
  const end = `<p name="password" value="${SECRET}"/><apiKey a="b">${SECRET}</apiKey><!-- ${SECRET} -->`
  for (let beyond = 0; beyond <= end.length; beyond += 1) {
    const text = `<r>${'y'.repeat(16_384 - '<r>'.length - beyond)}${end}</r>`
    const body = await reportedBody(test, text, 'application/xml')
    expect(JSON.stringify(body)).not.toContain('hunt')
  }
})

it('a number that JavaScript would change is shown as it was sent', async () => {
  const test = await crashingApp('string')
  const text = '{"id":1234567890123456789,"huge":1e400,"price":1.0}'
  expect(await reportedBody(test, text, 'application/json')).toEqual({
    id: '1234567890123456789',
    huge: '1e400',
    price: 1,
  })
})

it('a number that the parser has rounded already is marked', async () => {
  const test = await buildApp()
  test.app.post('/', boom)
  const payload = '{"id":1234567890123456789,"huge":1e400,"list":[1,-9007199254740993],"n":7.5}'
  expect(await reportedBody(test, payload, 'application/json')).toEqual({
    id: '[inexact: 1234567890123456800]',
    huge: 'Infinity',
    list: [1, '[inexact: -9007199254740992]'],
    n: 7.5,
  })
})

it('a long body is cut before it is read, and a marker says how much is missing', async () => {
  const test = await crashingApp('buffer', 50_000_000)
  const text = `<a>${'x'.repeat(40_000)}</a>`
  const xml = String(await reportedBody(test, text, 'text/xml'))
  expect(xml).toMatch(/^<a>x+\[truncated: \d+ bytes\]$/)
  expect(xml.length).toBeLessThan(17_000)
  const list = JSON.stringify(Array.from({ length: 20_000 }, (_, n) => n))
  const shown = (await reportedBody(test, list, 'application/json')) as unknown[]
  expect(shown.slice(0, 3)).toEqual([0, 1, 2])
  expect(shown.at(-1)).toMatch(/^\[truncated: \d+ (bytes|items)\]$/)
})

it('a document with the keys of a stream is shown as a document', async () => {
  const test = await buildApp()
  test.app.post('/', boom)
  const document = { pipe: 1, getReader: 'x' }
  expect(await reportedBody(test, JSON.stringify(document), 'application/json')).toEqual(document)
})

it('of a parsed document of more than a megabyte only the size is shown', async () => {
  const test = await buildApp({ server: { bodyLimit: 10_000_000 } })
  test.app.post('/', boom)
  const payload = JSON.stringify({ text: 'x'.repeat(1_100_000) })
  expect(await reportedBody(test, payload, 'application/json')).toBe(
    `[truncated: ${payload.length} bytes]`,
  )
})

it('a short document that comes in chunks is shown, and a long one is not read', async () => {
  const test = await buildApp({ reporter: { growth: 1 }, server: { bodyLimit: 10_000_000 } })
  test.app.post('/', boom)
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = test.app.server.address() as AddressInfo
  const send = (chunks: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' }
      const call = httpRequest({ port, method: 'POST', headers, agent: false }, (answer) => {
        answer.resume().once('end', resolve)
      })
      call.once('error', reject)
      for (const chunk of chunks) call.write(chunk)
      call.end()
    })
  await send(['{"a":', '1}'])
  await send(['{"a":"', 'x'.repeat(1_100_000), '"}'])
  await vi.waitFor(() => expect(test.calls).toHaveLength(2))
  const bodies = test.calls.map(({ report }) => report.request?.body)
  await test.app.close()
  expect(bodies).toEqual([{ a: 1 }, '[truncated: perhaps more than 1 MiB]'])
})
