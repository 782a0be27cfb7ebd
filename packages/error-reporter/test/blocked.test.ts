import storePlugin from '@fastify-scs/store'
import { expect, it, onTestFinished } from 'vitest'
import { storeReporter } from '../src/reporters/store.js'
import { buildApp, type TestApp } from './build-app.js'

const TRACE = [
  '    at parse (/app/src/parse.js:3:1)',
  '    at handler (/app/src/routes/report.js:10:5)',
  '    at next (/app/node_modules/fastify/lib/hooks.js:1:1)',
]

async function appWithRoute(): Promise<TestApp> {
  const test = await buildApp()
  onTestFinished(() => test.app.close())
  return test
}

/** Reports that the loop was blocked, and returns the fingerprint. */
async function fingerprintOf(
  test: TestApp,
  title: string,
  trace: readonly string[] | undefined,
): Promise<string | undefined> {
  test.app.reportError(title, { kind: 'blocked', occurrences: 1, ...(trace && { trace }) })
  return (await test.reported()).at(-1)?.report.fingerprint
}

it('a report of a blocked event loop has the frames that it is given, and nothing of its watcher', async () => {
  const test = await appWithRoute()
  const trace = [...TRACE, '    at fetch (https://user:hunter2@db.internal/a.js:1:1)']
  const data = { blockedMs: 3_000 }
  test.app.get('/report', (request) => {
    test.app.reportError('GET /report blocked the event loop for 3000 millisec!', {
      kind: 'blocked',
      trace,
      data,
      request,
    })
    return 'ok'
  })
  await test.app.inject('/report')
  const [call] = await test.reported()
  const title = 'GET /report blocked the event loop for 3000 millisec!'
  expect(call?.title).toBe(`NON-FATAL BACKEND ERROR orders GET /report: ${title}`)
  expect(call?.report).toMatchObject({ kind: 'blocked', is_fatal_error: false, stack: [], data })
  expect(call?.report.trace.slice(0, 3)).toEqual(TRACE)
  expect(JSON.stringify(call?.report)).not.toContain('hunter2')
})

it('its trace is cut', async () => {
  const test = await appWithRoute()
  await fingerprintOf(
    test,
    'blocked',
    Array.from({ length: 1_000 }, () => TRACE[0] ?? ''),
  )
  await fingerprintOf(test, 'blocked', ['x'.repeat(100_000)])
  const traces = test.calls.map(({ report }) => report.trace)
  expect(traces[0]).toHaveLength(100)
  expect(JSON.stringify(traces[1]).length).toBeLessThan(17_000)
})

it('its group goes by the place and by its own frames without their lines', async () => {
  const test = await appWithRoute()
  const first = await fingerprintOf(test, 'blocked for 1000 millisec', TRACE)
  const moved = TRACE.map((line) => line.replace(':3:1', ':7:9'))
  const deeper = TRACE.with(2, '    at other (/app/node_modules/other/index.js:1:1)')
  expect(await fingerprintOf(test, 'blocked for a while', moved)).toBe(first)
  expect(await fingerprintOf(test, 'blocked', deeper)).toBe(first)
  expect(await fingerprintOf(test, 'blocked', TRACE.slice(1))).not.toBe(first)
  expect(await fingerprintOf(test, 'blocked', undefined)).not.toBe(first)
})

it('frames stand in for a stack where there is no error, and not where there is one', async () => {
  const test = await appWithRoute()
  test.app.reportError('Oops', { trace: TRACE })
  test.app.reportError('Oops', { trace: TRACE.slice(1) })
  const caught = new Error('broken')
  test.app.reportError('Oops', { trace: TRACE, caught })
  const [one, two, three] = (await test.reported()).map(({ report }) => report)
  expect(one?.trace).toEqual(TRACE)
  expect(one?.fingerprint).not.toBe(two?.fingerprint)
  expect(three?.trace[0]).toBe('Error: broken')
})

it('a trace that is no list of lines is left out, and logged', async () => {
  const test = await appWithRoute()
  for (const trace of ['a text', [1], {}]) {
    test.app.reportError('blocked', { kind: 'blocked', trace: trace as never, occurrences: 1 })
  }
  expect((await test.reported()).map(({ report }) => report.trace)).toEqual([[], [], []])
  const mistakes = test.log.filter(({ msg }) =>
    msg?.includes('expected trace to be a list of lines'),
  )
  expect(mistakes).toHaveLength(3)
})

it('it is stored with its status, as important as a crash', async () => {
  const test = await appWithRoute()
  await test.app.register(storePlugin, { url: 'memory:' })
  await test.app.ready()
  await fingerprintOf(test, 'blocked', TRACE)
  await test.app.scsStore.flush()
  const { items } = await test.app.scsStore.find('reports', { status: 'blocked' })
  expect(items.map(({ keys }) => keys)).toMatchObject([{ status: 'blocked', level: 'WARN' }])
  const [group] = (await test.app.scsStore.groups({ kind: 'blocked' })).items
  expect(group).toMatchObject({ kind: 'blocked' })
  const written: { importance?: unknown }[] = []
  const reporter = storeReporter({ write: (record) => void written.push(record) as never })
  const [call] = test.calls
  if (call !== undefined) reporter.sync?.(call.title, '', call.report, test.app.log)
  expect(written).toMatchObject([{ importance: 'high' }])
})

it('one that is not reported is counted in the same group', async () => {
  const test = await appWithRoute()
  await fingerprintOf(test, 'blocked', TRACE)
  expect(test.app.errorReporter.count('blocked', undefined, TRACE)).toBe(false)
  await fingerprintOf(test, 'blocked', TRACE)
  expect(test.calls.at(-1)?.report.group).toMatchObject({ occurrences: 3, suppressed: 1 })
})
