import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { describeError, type Fetch, outcomeOf } from '../upstream/outcome.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

/** The same with the bare built-in fetch and with a service's. */
async function compare(scenario: (fetch: Fetch) => Promise<unknown>): Promise<TestService> {
  const tested = declareService({ origin: upstream.origin })
  const bare = await scenario((input, init) => fetch(input, init))
  expect(await scenario((input, init) => tested.service.fetch(input, init))).toEqual(bare)
  expect(tested.failures).toEqual([])
  return tested
}

async function textOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value } = await reader.read()
  return Buffer.from(value ?? []).toString()
}

describe('bytes pass at the pace of the server and of the host', () => {
  it('each server-sent event arrives before the next is sent', async () => {
    const { recorded } = await compare(async (fetch) => {
      const response = await fetch(`${upstream.origin}/steps`)
      const reader = response.body?.getReader()
      const seen: string[] = []
      for (let step = 0; reader !== undefined && step < 3; step++) {
        seen.push(await textOf(reader))
        upstream.gate.open()
      }
      return [seen, (await reader?.read())?.done]
    })
    const { responseBody } = await (await recorded.one()).ended
    expect(String(responseBody?.bytes)).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
    expect(responseBody?.isWhole).toBe(true)
  })

  it('an upload is read no faster than it is sent', async () => {
    await compare(async (fetch) => {
      const controller = new AbortController()
      let pulled = 0
      const body = new ReadableStream(
        {
          pull: (stream) => {
            stream.enqueue(Buffer.alloc(1_048_576))
            // The server reads none of it, so the sockets fill up long before that.
            if (++pulled === 500) stream.close()
          },
        },
        { highWaterMark: 0 },
      )
      const init = { method: 'POST', body, duplex: 'half', signal: controller.signal }
      const call = fetch(`${upstream.origin}/deaf`, init as RequestInit).catch(describeError)
      await upstream.gate.passed()
      await stillness(() => pulled)
      controller.abort()
      await call
      return pulled < 100
    })
  })

  it('an answer is received no faster than it is read, and the log holds no more than its limit', async () => {
    const tested = declareService({ origin: upstream.origin, maxBodyBytes: 1_000 })
    const response = await tested.service.fetch('/huge')
    const call = await tested.recorded.one()
    const reader = response.body?.getReader()
    await reader?.read()
    // Time enough for all of it to arrive, if nothing held it back.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(call.end).toBeUndefined()
    await reader?.cancel()
    const { responseBody, error } = await call.ended
    expect(responseBody?.bytes).toHaveLength(1_000)
    // What the small buffers of Node lie in.
    expect(responseBody?.bytes.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize + 64)
    expect(responseBody?.totalBytes).toBeLessThan(16 * 1_048_576)
    expect(responseBody?.isWhole).toBe(false)
    expect(error).toBeDefined()
  })
})

describe('an abort reaches the server and the caller', () => {
  it('before the answer, with its reason', async () => {
    const { recorded } = await compare((fetch) => {
      const controller = new AbortController()
      const call = fetch(`${upstream.origin}/hangs`, { signal: controller.signal })
      setImmediate(() => controller.abort(new RangeError('enough')))
      return outcomeOf(() => call)
    })
    // Aborted before it was dispatched it is no call, which depends on the speed of the machine.
    for (const call of recorded.calls) expect((await call.ended).error).toBeDefined()
  })

  it('during the answer', async () => {
    const { recorded } = await compare(async (fetch) => {
      const controller = new AbortController()
      const response = await fetch(`${upstream.origin}/head-then-hangs`, {
        signal: controller.signal,
      })
      const reader = response.body?.getReader()
      const first = reader && (await textOf(reader))
      controller.abort(new RangeError('enough'))
      const error = await reader?.read().catch(describeError)
      return [first, error, response.bodyUsed]
    })
    const call = await recorded.one()
    const { error, responseBody } = await call.ended
    expect(call.statusCode).toBe(200)
    expect(error).toBeDefined()
    expect(responseBody).toMatchObject({ totalBytes: 5, isWhole: false })
  })

  it('during the upload', async () => {
    await compare(async (fetch) => {
      const controller = new AbortController()
      const body = new ReadableStream({
        pull: async (stream) => {
          stream.enqueue(Buffer.from('some'))
          await upstream.gate.passed()
          controller.abort(new RangeError('enough'))
        },
      })
      const init = { method: 'POST', body, duplex: 'half', signal: controller.signal }
      const call = fetch(`${upstream.origin}/first-byte`, init as RequestInit)
      return outcomeOf(() => call)
    })
  })
})

describe('connections are used as without the log', () => {
  it('one after the other on the same one', async () => {
    await compare(async (fetch) => {
      const ports = new Set<string>()
      for (let i = 0; i < 5; i++) ports.add(await (await fetch(`${upstream.origin}/port`)).text())
      return ports.size
    })
  })

  it('a small answer that nobody reads ends by itself', async () => {
    const { service, recorded } = declareService({ origin: upstream.origin })
    await service.fetch('/json')
    const { responseBody } = await (await recorded.one()).ended
    expect(String(responseBody?.bytes)).toBe('{"a":1}')
  })

  it('a large answer that nobody reads ends when the app closes', async () => {
    const { service, recorded, close } = declareService({ origin: upstream.origin })
    await service.fetch('/huge')
    await close(0)
    expect((await (await recorded.one()).ended).error).toBeDefined()
  })

  it('a call that is under way when the app closes may end', async () => {
    const { service, recorded, close } = declareService({ origin: upstream.origin })
    const response = await service.fetch('/steps')
    const closing = close(60_000)
    const body = response.text()
    for (let step = 0; step < 3; step++) upstream.gate.open()
    const timer = setInterval(() => upstream.gate.open(), 5)
    expect(await body).toContain('data: 3')
    clearInterval(timer)
    await closing
    expect(await (await recorded.one()).ended).toMatchObject({ responseBody: { isWhole: true } })
    await expect(service.fetch('/json')).rejects.toMatchObject({ message: 'fetch failed' })
  })
})

/** Resolves when a number has not changed for a while. */
async function stillness(read: () => number): Promise<void> {
  for (let last = -1; last !== read(); ) {
    last = read()
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
