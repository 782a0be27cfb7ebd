import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiFailure, createApi, queryText, readFailure } from '../../page/api/client.js'

const seen: { url?: string; headers: IncomingHttpHeaders }[] = []
const server = createServer((request, response) => {
  seen.push({ url: request.url ?? '', headers: request.headers })
  const isRefused = request.url?.includes('refused') === true
  response.statusCode = isRefused ? 409 : 200
  const error = { id: 'console-changed-meanwhile', message: 'Changed', details: { group: 1 } }
  response.end(JSON.stringify(isRefused ? { error } : { ok: true }))
})
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_scs/`
})
afterAll(() => server.close())

describe('the client of the API', () => {
  it('asks beneath the address that the page came from', async () => {
    expect(await createApi(base).get('groups', { text: 'a b&c', kind: undefined })).toEqual({
      ok: true,
    })
    expect(seen.at(-1)?.url).toBe('/_scs/api/groups?text=a+b%26c')
  })

  it('sends the token of the session with changes alone', async () => {
    const api = createApi(base)
    api.useToken('secret')
    await api.post('groups/f1', { revision: 0 })
    expect(seen.at(-1)?.headers['x-scs-token']).toBe('secret')
    await api.get('groups')
    expect(seen.at(-1)?.headers['x-scs-token']).toBeUndefined()
  })

  it('fails with what the API said', async () => {
    const failure = await createApi(base)
      .get('refused')
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiFailure)
    expect(failure).toMatchObject({
      status: 409,
      id: 'console-changed-meanwhile',
      message: 'Changed',
      details: { group: 1 },
    })
  })

  it('says that nothing answers', async () => {
    await expect(createApi('http://127.0.0.1:1/').get('session')).rejects.toMatchObject({
      status: 0,
      message: 'The service does not answer. Is it running?',
    })
  })
})

it('the 404 of the application, which a reader gets whose session has ended, is put into words', async () => {
  let id = 'not-found'
  const answering = async () =>
    Response.json(
      { error: { id, message: 'Route GET:/_scs/api/groups not found' } },
      { status: 404 },
    )
  const api = createApi(base, answering)
  await expect(api.get('groups')).rejects.toThrow(/no longer allowed to see it \(404\)\. Sign in/)
  id = 'console-not-found'
  await expect(api.get('groups')).rejects.toThrow('Route GET')
})

it('a change whose token is not that of the browser is made with the new one', async () => {
  const tokens: (string | null)[] = []
  const api = createApi(base, async (address, { headers = {}, method } = {}) => {
    if (method !== 'POST') return Response.json({ token: 'new' })
    tokens.push(new Headers(headers).get('x-scs-token'))
    const isNew = tokens.at(-1) === 'new' && !String(address).includes('forbidden')
    return Response.json(isNew ? { ok: true } : { error: {} }, { status: isNew ? 200 : 403 })
  })
  api.useToken('old')
  expect(await api.post('groups/f1', {})).toEqual({ ok: true })
  expect(tokens).toEqual(['old', 'new'])
  await expect(api.post('groups/forbidden', {})).rejects.toMatchObject({ status: 403 })
  expect(tokens).toEqual(['old', 'new', 'new'])
})

it("an error is read in each of the application's formats", () => {
  expect(readFailure('{"error":"busy","error_description":"The store is busy"}')).toMatchObject({
    id: 'busy',
    message: 'The store is busy',
  })
  expect(readFailure('{"type":"busy","title":"Busy","detail":"In words"}').message).toBe('In words')
  expect(readFailure('<html>502</html>')).toEqual({})
})

it('a query leaves out what is not given', () => {
  expect(queryText({ a: 1, b: '', c: null, d: undefined, e: 'x' })).toBe('?a=1&e=x')
  expect(queryText({})).toBe('')
})
