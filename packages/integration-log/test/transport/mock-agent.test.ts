import { getGlobalDispatcher, MockAgent, request, setGlobalDispatcher } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { captureGlobalFetch } from '../../src/transport/global-capture.js'
import { observeCalls } from '../../src/transport/observe.js'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

const isCaptured = Number(process.versions.node.split('.')[0]) < 24
const before = getGlobalDispatcher()
let upstream: Upstream
let tested: TestService
let mock: MockAgent
let end: () => void

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

beforeEach(() => {
  tested = declareService({ origin: upstream.origin })
  const { recorded, options, failures } = tested
  end = observeCalls(recorded, options, (error) => failures.push(error))
  mock = new MockAgent()
  mock.get(upstream.origin).intercept({ path: '/mocked' }).reply(200, 'mocked').persist()
  setGlobalDispatcher(mock)
})
afterEach(async () => {
  end()
  setGlobalDispatcher(before)
  await mock.close()
  await tested.close(0)
  expect(tested.failures).toEqual([])
})

const fetched = async (path: string): Promise<string> =>
  (await fetch(upstream.origin + path)).text()

describe('a call that a MockAgent answers reaches no connection', () => {
  it('so observe does not record it, by fetch or undici, globally or for one call', async () => {
    expect(await fetched('/mocked')).toBe('mocked')
    const dispatcher = mock
    const { body } = await request(`${upstream.origin}/mocked`, { dispatcher })
    expect(await body.text()).toBe('mocked')
    expect(tested.recorded.calls).toEqual([])
  })

  it('a call that it lets through is recorded, once', async () => {
    expect(await fetched('/json')).toBe('{"a":1}')
    expect((await tested.recorded.one()).statusCode).toBe(200)
  })
})

it('a service has connections of its own, which no global MockAgent answers for', async () => {
  expect((await tested.service.fetch('/mocked')).status).toBe(404)
  expect((await tested.recorded.one()).statusCode).toBe(404)
})

it('a service records the call that is given a MockAgent, also one that it lets through', async () => {
  const init = { dispatcher: mock } as object
  expect(await (await tested.service.fetch('/mocked', init)).text()).toBe('mocked')
  expect(await (await tested.service.fetch('/json', init)).text()).toBe('{"a":1}')
  expect(tested.recorded.calls.map(({ statusCode }) => statusCode)).toEqual([200, 200])
})

it('captureGlobal records the answers of a MockAgent that was set before, on Nodes where it does anything', async () => {
  const { recorded, options, failures } = tested
  const release = captureGlobalFetch(recorded, options, (error) => failures.push(error))
  expect(await fetched('/mocked')).toBe('mocked')
  expect(recorded.calls).toHaveLength(isCaptured ? 1 : 0)
  release()
  expect(getGlobalDispatcher()).toBe(mock)
})
