import { getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { captureGlobalFetch } from '../../src/transport/global-capture.js'
import { observeCalls } from '../../src/transport/observe.js'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { startUpstream, type Upstream } from '../upstream/upstream.js'

const PLACES = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]
const major = Number(process.versions.node.split('.')[0])
const isNeeded = major < 24
let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

/** An app that opts in; the function ends it. */
function optIn(isObserving = true): TestService & { readonly end: () => void } {
  const tested = declareService({ origin: upstream.origin })
  const { recorded, options, failures } = tested
  const fail = (error: unknown): void => void failures.push(error)
  const ends = [captureGlobalFetch(recorded, options, fail)]
  if (isObserving) ends.push(observeCalls(recorded, options, fail))
  return { ...tested, end: () => ends.forEach((end) => void end()) }
}

/** What each version of undici finds as the global dispatcher. */
function placed(): unknown[] {
  return PLACES.map((place) => Reflect.get(globalThis, place))
}

async function post(path: string): Promise<string> {
  return (await fetch(upstream.origin + path, { method: 'POST', body: 'global' })).text()
}

it('the bodies of the built-in fetch are recorded, once, on every Node', async () => {
  const before = placed()
  const { recorded, failures, end } = optIn()
  const answer = await post('/echo')
  const { requestBody, responseBody } = await (await recorded.one()).ended
  expect([String(requestBody?.bytes), requestBody?.isWhole]).toEqual(['global', true])
  expect([String(responseBody?.bytes), responseBody?.isWhole]).toEqual([answer, true])
  await (await fetch(`${upstream.otherOrigin}/json`)).text()
  expect(recorded.calls).toHaveLength(2)
  end()
  for (const [at, dispatcher] of placed().entries()) expect(dispatcher).toBe(before[at])
  await post('/echo')
  expect(recorded.calls).toHaveLength(2)
  expect(failures).toEqual([])
})

it('a service’s own calls are not recorded again', async () => {
  const { service, recorded, end, close } = optIn()
  await (await service.fetch('/json')).text()
  expect(recorded.calls).toHaveLength(1)
  end()
  await close(0)
})

it.each([
  ['in the order they came', [0, 1]],
  ['in the other order', [1, 0]],
])('two apps that opt in leave the dispatcher as it was, %s', async (_name, order) => {
  const before = placed()
  const apps = [optIn(), optIn()]
  await post('/echo')
  for (const { recorded } of apps) {
    expect(recorded.calls).toHaveLength(1)
    expect(String(recorded.calls[0]?.end?.requestBody?.bytes)).toBe('global')
  }
  apps[order[0] ?? 0]?.end()
  await post('/echo')
  expect(apps[order[0] ?? 0]?.recorded.calls).toHaveLength(1)
  expect(apps[order[1] ?? 0]?.recorded.calls).toHaveLength(2)
  apps[order[1] ?? 0]?.end()
  for (const [at, dispatcher] of placed().entries()) expect(dispatcher).toBe(before[at])
})

it.runIf(isNeeded)('a dispatcher that the host sets later stays', async () => {
  const before = getGlobalDispatcher()
  const { recorded, end } = optIn(false)
  const ours = getGlobalDispatcher()
  expect(ours).not.toBe(before)
  const later = new Proxy(ours, {})
  setGlobalDispatcher(later)
  end()
  expect(getGlobalDispatcher()).toBe(later)
  await post('/echo')
  expect(recorded.calls).toEqual([])
  setGlobalDispatcher(before)
})

it.runIf(major >= 22 && isNeeded)(
  'undici 8, which keeps a place of its own, gets it back',
  async () => {
    const before = placed()
    const {
      request,
      Agent,
      getGlobalDispatcher: placedAt8,
      setGlobalDispatcher: place8,
    } = await import('undici8')
    const agent = new Agent()
    place8(agent)
    const { recorded, end } = optIn()
    const answer = await request(`${upstream.origin}/echo`, { method: 'POST', body: 'global' })
    await answer.body.text()
    await post('/echo')
    expect(recorded.calls.map(({ end: told }) => String(told?.requestBody?.bytes))).toEqual([
      'global',
      'global',
    ])
    end()
    expect(placedAt8()).toBe(agent)
    for (const [at, place] of PLACES.entries()) Reflect.set(globalThis, place, before[at])
    await agent.close()
  },
)
