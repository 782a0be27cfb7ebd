import store, { type Store } from '@fastify-scs/store'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { SEND_EVERY_MS } from '../src/groups/shared-groups.js'
import { boom, buildApp, type TestApp } from './build-app.js'

type CountGroups = Store['countGroups']

/** A process of a newer release that goes on after its group was resolved, on a store whose calls may go wrong. */
interface Test extends TestApp {
  /** Takes the place of each call of the store from now on; undefined for the store itself. */
  wrong: ((call: () => ReturnType<CountGroups>) => ReturnType<CountGroups>) | undefined
  crash(): Promise<string>
  aSecondLater(): Promise<void>
}

const TITLE = 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: secret detail'
const TIMEOUT_MS = 100

/** Not setImmediate, which answers need. */
beforeEach(() => {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const
  vi.useFakeTimers({ toFake: [...toFake], now: Date.parse('2027-01-01T00:00:00Z') })
})
afterEach(() => void vi.useRealTimers())

async function resolvedTest(): Promise<Test> {
  const test = await buildApp({ reporter: { apiVersion: '2.0.0', storeTimeoutMs: TIMEOUT_MS } })
  const { app } = test
  await app.register(store, { url: 'memory:' })
  app.get('/', boom)
  await app.ready()
  onTestFinished(() => app.close())
  const crash = async (): Promise<string> => {
    const { headers } = await app.inject('/')
    await test.reported()
    return String(headers['x-error-id'])
  }
  const aSecondLater = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(SEND_EVERY_MS)
    await test.reported()
  }
  const all: Test = { ...test, wrong: undefined, crash, aSecondLater }
  const counted = app.scsStore.countGroups.bind(app.scsStore)
  vi.spyOn(app.scsStore, 'countGroups').mockImplementation((...call) => {
    const count = (): ReturnType<CountGroups> => counted(...call)
    return all.wrong === undefined ? count() : all.wrong(count)
  })
  for (let at = 0; at < 5; at++) await crash()
  await aSecondLater()
  const [group] = (await app.scsStore.groups()).items
  if (group === undefined) throw new Error('no group')
  const { fingerprint, revision: expected } = group
  const change = { status: 'resolved', resolvedIn: '1.0.0', expected, by: 'ada' } as const
  await app.scsStore.changeGroup(fingerprint, { ...change, at: Date.now() })
  test.calls.length = 0
  return all
}

function told({ calls }: TestApp): unknown[] {
  return calls.map(({ title, report }) => [title, report.error_id, report.group.occurrences])
}

it('a regression in the second in which the store fails is told when it answers again, though nothing crashes meanwhile', async () => {
  const test = await resolvedTest()
  const errorId = await test.crash()
  test.wrong = () => Promise.reject(new Error('down'))
  for (let second = 0; second < 3; second++) await test.aSecondLater()
  expect(test.calls).toEqual([])
  test.wrong = undefined
  await test.aSecondLater()
  expect(told(test)).toEqual([[`REGRESSION: ${TITLE}`, errorId, 6]])
  await test.aSecondLater()
  expect(test.calls).toHaveLength(1)
})

it('a regression that the store tells after storeTimeoutMs is reported then', async () => {
  const test = await resolvedTest()
  const errorId = await test.crash()
  test.wrong = async (count) => {
    await new Promise((resolve) => setTimeout(resolve, 5 * TIMEOUT_MS))
    return count()
  }
  await test.aSecondLater()
  await vi.advanceTimersByTimeAsync(2 * TIMEOUT_MS)
  expect(test.app.errorReporter.stats().storeFailures).toBe(1)
  expect(test.calls).toEqual([])
  test.wrong = undefined
  await test.aSecondLater()
  expect(told(test)).toEqual([[`REGRESSION: ${TITLE}`, errorId, 6]])
})

it('a regression that the store has counted, but whose answer was lost, is reported when it answers again', async () => {
  const test = await resolvedTest()
  const errorId = await test.crash()
  test.wrong = async (count) => {
    await count()
    throw new Error('the connection was lost')
  }
  await test.aSecondLater()
  expect(test.calls).toEqual([])
  test.wrong = undefined
  await test.aSecondLater()
  // That it was the first is lost with the answer. It is counted twice.
  expect(told(test)).toEqual([[TITLE, errorId, 7]])
  expect(test.calls[0]?.report.group.status).toBe('regressed')
})
