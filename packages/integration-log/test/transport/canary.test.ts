import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import axios from 'axios'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

/*
 * A secret in every place that a call on the wire can carry one, in random shapes; it must be in no row of the store and in no
 * line of the log.
 */
const CANARY = 'c4n4ry'
const KEYS = ['password', 'api_key', 'clientSecret', 'access-token', 'ownKey'] as const

interface Shape {
  readonly type: string
  readonly text: string
  readonly isGzip: boolean
  readonly isCut: boolean
  readonly isRedirect: boolean
  readonly isBroken: boolean
  readonly key: string
}

const shape = fc
  .record({
    key: fc.constantFrom(...KEYS),
    form: fc.constantFrom('json', 'nested', 'malformed', 'form', 'multipart', 'xml'),
    note: fc.string({ maxLength: 10 }).filter((text) => !text.includes(CANARY)),
    isGzip: fc.boolean(),
    isCut: fc.boolean(),
    isRedirect: fc.boolean(),
    isBroken: fc.boolean(),
  })
  .map(({ form, note, ...rest }): Shape => ({ ...rest, ...bodyOf(form, rest.key, note) }))

function bodyOf(form: string, key: string, note: string): { type: string; text: string } {
  const secret = { note, list: [{ deep: { [key]: [CANARY] } }], [key]: CANARY }
  const json = JSON.stringify(secret)
  const type = 'application/json'
  switch (form) {
    case 'json':
      return { type, text: json }
    case 'nested':
      return { type, text: JSON.stringify({ wrapped: JSON.stringify({ twice: json }) }) }
    case 'malformed':
      return { type, text: `${json},}` }
    case 'form':
      return {
        type: 'application/x-www-form-urlencoded',
        text: new URLSearchParams({ note, [key]: CANARY }).toString(),
      }
    case 'xml':
      return { type: 'text/xml', text: `<r><${key} a="1">${CANARY}</${key}></r>` }
    default:
      return {
        type: 'multipart/form-data; boundary=b',
        text: `--b\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${CANARY}\r\n--b--\r\n`,
      }
  }
}

let server: Server
let origin: string
let answer: Shape

beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    for await (const _chunk of request);
    const { type, text, isGzip, isRedirect, isBroken, key } = answer
    response.setHeader('content-type', type)
    response.setHeader('set-cookie', `session=${CANARY}`)
    response.setHeader('x-api-key', CANARY)
    response.setHeader('own-header', CANARY)
    if (isGzip) response.setHeader('content-encoding', 'gzip')
    if (isRedirect && request.url?.startsWith('/go') === true) {
      response.writeHead(307, { location: `/to?${key}=${CANARY}#${key}=${CANARY}` })
    }
    const bytes = isGzip ? gzipSync(text) : Buffer.from(text)
    if (!isBroken) response.end(bytes)
    else response.write(bytes.subarray(0, bytes.length - 1), () => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  origin = `http://127.0.0.1:${port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('no secret of a call on the wire reaches the store, the log or an error', async () => {
  const services = {
    s: { origin, redact: { keys: ['ownKey'], headers: ['own-header'] } },
    short: { origin, maxBodyBytes: 60, redact: { keys: ['ownKey'], headers: ['own-header'] } },
  }
  const { app, lines, records } = await buildApp({ log: { services, observe: true } })
  await app.ready()
  const property = async (sent: Shape, received: Shape): Promise<void> => {
    answer = received
    const { key, text, type } = sent
    const path = `/go?note=1&${key}=${CANARY}#${key}=${CANARY}`
    const headers = {
      'content-type': type,
      authorization: `Bearer ${CANARY}`,
      cookie: `session=${CANARY}`,
      'own-header': CANARY,
    }
    const service = app.integrations.service(sent.isCut ? 'short' : 's')
    const init = { method: 'POST', headers, body: text }
    const call = service.fetch(path, { ...init, description: `password: ${CANARY}` })
    await call.then((response) => response.text()).catch(() => undefined)
    const url = new URL(path, origin)
    url.username = 'user'
    url.password = CANARY
    await axios.post(url.href, text, { headers }).catch(() => undefined)
  }
  await fc.assert(fc.asyncProperty(shape, shape, property), { numRuns: 400 })
  await expect(
    app.integrations.service('s').fetch(`http://u:${CANARY}@b/?a=${CANARY}`),
  ).rejects.not.toThrow(CANARY)
  const kept = JSON.stringify([await records(), lines])
  expect(kept).toContain('"Completed"')
  expect(kept).toContain('"Failed"')
  expect(kept).toContain('/to?')
  expect(kept).not.toContain(CANARY)
  await app.close()
}, 240_000)
