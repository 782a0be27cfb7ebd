import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Agent } from '../../src/transport/compat-undici.js'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { type Fetch, outcomeOf } from '../upstream/outcome.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

type Scenario = (fetch: Fetch, upstream: Upstream) => Promise<unknown>

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

/**
 * The same calls with the bare built-in fetch, with a plain agent of undici 7, and with a service; and what the log was told. For a
 * breach of the protocol the undici inside of Node has other words than undici 7.
 */
async function compare(
  scenario: Scenario,
  origin: keyof Pick<Upstream, 'origin' | 'rawOrigin' | 'deadOrigin'> = 'origin',
  isBreach = false,
): Promise<TestService> {
  const tested = declareService({ origin: upstream[origin] })
  const dispatcher = new Agent()
  const bare = await scenario((input, init) => fetch(input, init), upstream)
  const plain = await scenario(
    (input, init) => fetch(input, { ...init, dispatcher } as object),
    upstream,
  )
  const logged = await scenario((input, init) => tested.service.fetch(input, init), upstream)
  expect(logged).toEqual(plain)
  if (isBreach) expect(withoutCause(logged)).toEqual(withoutCause(bare))
  else expect(logged).toEqual(bare)
  await dispatcher.destroy()
  expect(tested.failures).toEqual([])
  await tested.close(0)
  for (const call of tested.recorded.calls) expect(call.ends).toBe(1)
  return tested
}

/** Where the undici inside of some Node has other words, or another code, than undici 7. */
const BREACHES = [
  '/malformed-status',
  '/malformed-header',
  '/not-http',
  '/malformed-chunk',
  '/bare-lf',
  '/two-lengths',
]

function withoutCause(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome, (key, value) => (key === 'cause' ? 'a cause' : value)))
}

const get =
  (path: string, init?: RequestInit): Scenario =>
  (fetch, { origin }) =>
    outcomeOf(() => fetch(origin + path, init))

const getRaw =
  (path: string): Scenario =>
  (fetch, { rawOrigin }) =>
    outcomeOf(() => fetch(rawOrigin + path))

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(10_000, String(i % 10))
}

function streamed(body: AsyncIterable<unknown>): RequestInit {
  return { method: 'POST', body: ReadableStream.from(body), duplex: 'half' } as RequestInit
}

describe('a call by a service gives what the bare fetch gives', () => {
  it.each([
    '/json',
    '/chunked',
    '/gzip',
    '/brotli',
    '/not-gzip',
    '/no-content',
    '/not-modified',
    '/error',
    '/moved',
    '/see-other',
    '/loop',
    '/bad-location',
    '/abroad',
    '/cookies',
    '/trailers',
    '/huge',
    '/nowhere',
    '/json?q=a%20b#fragment',
    '/json?',
  ])('from a sound server: %s', async (path) => {
    await compare(get(path))
  })

  it.each([
    '/empty-reply',
    '/reset-at-once',
    '/reset-mid-body',
    '/malformed-status',
    '/malformed-header',
    '/not-http',
    '/malformed-chunk',
    '/chunked-cut',
    '/too-short',
    '/too-long',
    '/no-length',
    '/http-1.0',
    '/bare-lf',
    '/continue-first',
    '/early-hints',
    '/two-lengths',
    '/huge-header',
    '/latin1-header',
    '/no-reason',
  ])('from an unsound server: %s', async (path) => {
    await compare(getRaw(path), 'rawOrigin', BREACHES.includes(path))
  })

  it.each<[string, string, RequestInit]>([
    ['a redirect that is not to be followed', '/moved', { redirect: 'manual' }],
    ['a redirect that is an error', '/moved', { redirect: 'error' }],
    ['HEAD', '/json', { method: 'HEAD' }],
    ['HEAD of something compressed', '/gzip', { method: 'HEAD' }],
    ['a text', '/echo', { method: 'POST', body: 'text' }],
    ['a form', '/echo', { method: 'POST', body: new URLSearchParams({ a: 'b' }) }],
    ['bytes', '/echo', { method: 'PUT', body: Buffer.alloc(300_000, 'b') }],
    ['a blob', '/echo', { method: 'POST', body: new Blob(['blob']) }],
    ['an empty body', '/echo', { method: 'POST', body: '' }],
    ['a body that is sent again', '/temporary', { method: 'POST', body: 'again' }],
    ['a body that is dropped on the way', '/see-other', { method: 'POST', body: 'dropped' }],
    ['a GET with a body', '/json', { body: 'x' }],
    ['a method that is none', '/json', { method: 'GE T' }],
    ['a header that is none', '/json', { headers: { 'a b': 'c' } }],
    ['a checksum that does not match', '/json', { integrity: 'sha256-AAAA' }],
    ['a signal that was aborted before', '/json', { signal: AbortSignal.abort(new Error('no')) }],
    ['an answer that is awaited too long', '/hangs', { signal: AbortSignal.timeout(200) }],
    ['a body that is awaited too long', '/head-then-hangs', { signal: AbortSignal.timeout(500) }],
    ['a custom method', '/echo', { method: 'purge' }],
  ])('%s', async (_name, path, init) => {
    await compare(get(path, init))
  })

  it('a server that is not there', async () => {
    await compare((fetch, { deadOrigin }) => outcomeOf(() => fetch(deadOrigin)), 'deadOrigin')
  })

  it('a multipart form', async () => {
    await compare((fetch, { origin }) => {
      const form = new FormData()
      form.set('name', 'value')
      form.set('file', new Blob(['x'.repeat(100_000)]), 'file.bin')
      const withoutBoundary = async (): Promise<Response> => {
        const response = await fetch(`${origin}/echo`, { method: 'POST', body: form })
        const { bytes } = (await response.json()) as { bytes: number }
        return new Response(String(bytes))
      }
      return outcomeOf(withoutBoundary)
    })
  })

  it('a Request with a body, headers and a signal', async () => {
    await compare((fetch, { origin }) => {
      const { signal } = new AbortController()
      const init = { method: 'PUT', body: 'of the request', headers: { 'x-a': '1' }, signal }
      return outcomeOf(() => fetch(new Request(`${origin}/echo`, init)))
    })
  })

  it('a Request whose fields are overridden, and one in the place of the options', async () => {
    await compare(async (fetch, { origin }) => {
      const request = new Request(`${origin}/echo`, { method: 'PUT', body: 'mine' })
      const first = await outcomeOf(() => fetch(request, { method: 'POST', body: 'other' }))
      const options = new Request('http://elsewhere', { method: 'DELETE' })
      return [first, await outcomeOf(() => fetch(`${origin}/echo`, options))]
    })
  })

  it('the upload of a stream, and of one that breaks', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('some')
      throw new RangeError('broken source')
    }
    await compare(async (fetch, { origin }) => [
      await outcomeOf(() => fetch(`${origin}/echo`, streamed(pieces(50)))),
      await outcomeOf(() => fetch(`${origin}/echo`, streamed(broken()))),
    ])
  })
})
