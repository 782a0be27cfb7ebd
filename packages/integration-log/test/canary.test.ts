import zlib from 'node:zlib'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { CallEnd } from '../src/call.js'
import type { RawHeaders } from '../src/raw-headers.js'
import { buildApp, buildLog, type TestApp } from './build-app.js'
import { captured } from './captured.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })

/*
 * A secret in every place that a call can carry one, in random shapes; it must be in no row of the store and in no line of
 * the log.
 */
const CANARY = 'c4n4ry'
const RUNS = { numRuns: 1_000 }

const key = fc.constantFrom('password', 'api_key', 'clientSecret', 'access-token', 'ownKey')
const note = fc.string({ maxLength: 10 }).filter((text) => !text.includes(CANARY))
const url = fc
  .tuple(key, note)
  .map(
    ([name, text]) =>
      `https://u:${CANARY}@a.b/p?n=${encodeURIComponent(text)}&${name}=${CANARY}#${name}=${CANARY}`,
  )
const document = fc.tuple(key, note, fc.boolean()).map(([name, text, isNested]) => {
  const secret = { note: text, [name]: CANARY, list: [{ [name]: [CANARY] }] }
  return JSON.stringify(isNested ? { wrapped: JSON.stringify(secret) } : secret)
})
const media = fc.oneof(
  document.map((text) => ({ text, type: 'application/json' })),
  document.map((text) => ({ text: `${text}\n${text}\n`, type: 'application/x-ndjson' })),
  document.map((text) => ({ text: `data: ${text}\n\n`, type: 'text/event-stream' })),
  document.map((text) => ({ text, type: 'text/plain' })),
  fc.tuple(key, note).map(([name, text]) => ({
    text: new URLSearchParams({ note: text, [name]: CANARY }).toString(),
    type: 'application/x-www-form-urlencoded',
  })),
  key.map((name) => ({ text: `<r><${name} a="1">${CANARY}</${name}></r>`, type: 'text/xml' })),
  key.map((name) => ({
    text: `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${CANARY}\r\n--b--\r\n`,
    type: 'multipart/form-data; boundary=b',
  })),
  fc.constant({ text: CANARY, type: 'application/octet-stream' }),
)
const headers = fc
  .tuple(
    media,
    fc.constantFrom('authorization', 'Cookie', 'set-cookie', 'X-Api-Key', 'Own-Header'),
    url,
    fc.boolean(),
  )
  .map(([body, name, link, isGzip]) => {
    const raw: RawHeaders = [
      'Content-Type',
      body.type,
      name,
      CANARY,
      Buffer.from('Location'),
      Buffer.from(link),
      ...(isGzip ? ['content-encoding', 'gzip'] : []),
    ]
    const bytes = isGzip ? zlib.gzipSync(body.text) : body.text
    return { raw, bytes }
  })
const failure = fc.tuple(url, key).map(([link, name]) => {
  const cause = Object.assign(new Error(`connect ${link}`), { [name]: CANARY })
  return new TypeError(`failed: ${name}=${CANARY}`, { cause })
})

const services = { s: { redact: { keys: ['ownKey'], headers: ['own-header'] } } }

async function seenBy({ app, lines, records }: TestApp): Promise<string> {
  const rows = await records()
  const kept = JSON.stringify([rows, lines])
  await app.close()
  return kept
}

it('no secret reaches the record of a call that a transport reports', async () => {
  const test = await buildLog({ log: { services } })
  await fc.assert(
    fc.asyncProperty(
      url,
      headers,
      headers,
      fc.option(failure),
      fc.constantFrom(200, 500),
      fc.integer({ min: 1, max: 200 }),
      async (link, sent, received, error, statusCode, max) => {
        const call = test.log.calls.begin({
          service: 's',
          method: 'POST',
          url: link,
          requestHeaders: sent.raw,
          description: `password: ${CANARY}`,
          requestId: `token=${CANARY}`,
          reference: { type: 'Order', id: `secret=${CANARY}` },
          retryOf: `password=${CANARY}`,
        })
        test.log.calls.recordLongerThan(statusCode === 200 ? 0 : 60_000)
        call?.responded(statusCode, received.raw)
        const end: CallEnd = {
          requestBody: captured(sent.bytes),
          responseBody: captured(received.bytes, max),
          ...(error === null ? {} : { error }),
        }
        call?.end(end)
      },
    ),
    RUNS,
  )
  const kept = await seenBy(test)
  expect(kept).toContain('"Completed"')
  expect(kept).toContain('"Failed"')
  expect(kept).not.toContain(CANARY)
})

it('no secret reaches a record or log line that the application writes', async () => {
  const stored = await buildApp({ log: { services } })
  const logged = await buildApp({ log: { services }, store: false })
  fc.assert(
    fc.property(url, document, failure, (link, text, error) => {
      for (const { app } of [stored, logged]) {
        const handle = app.integrations.log({
          service: 's',
          url: link,
          requestHeaders: { authorization: CANARY, 'own-header': CANARY, location: link },
          responseHeaders: [['set-cookie', CANARY]],
          data: text,
          output: JSON.parse(text) as unknown,
          error,
          description: `password=${CANARY}`,
          requestId: `password=${CANARY}`,
          reference: { type: `password=${CANARY}`, id: `token: ${CANARY}` },
        })
        handle.update({ more: text, ownKey: CANARY })
        handle.fail(text)
      }
    }),
    { numRuns: 300 },
  )
  expect(JSON.stringify(logged.lines)).not.toContain(CANARY)
  expect(logged.lines.length).toBeGreaterThan(500)
  expect(await seenBy(stored)).not.toContain(CANARY)
})

it('no secret reaches the record of a webhook', async () => {
  const test = await buildApp({ log: { services } })
  let thrown: unknown
  test.app.post('/hook', { integration: { service: 's' } }, (_request, reply) => {
    if (thrown !== null) throw thrown
    return reply.send({ password: CANARY, note: 'ok' })
  })
  await fc.assert(
    fc.asyncProperty(document, key, fc.option(failure), async (payload, name, error) => {
      thrown = error
      await test.app.inject({
        method: 'POST',
        url: `/hook?${name}=${CANARY}`,
        headers: { 'content-type': 'application/json', authorization: CANARY, cookie: CANARY },
        payload,
      })
    }),
    { numRuns: 100 },
  )
  const rows = JSON.stringify(await test.records())
  expect(rows).toContain('"isRemoteRequest":false')
  expect(rows).not.toContain(CANARY)
  await test.app.close()
})
