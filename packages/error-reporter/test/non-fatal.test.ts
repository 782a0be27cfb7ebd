import { expect, it } from 'vitest'
import { boom, buildApp, onlyReport, UUID } from './build-app.js'

const headers = { 'x-request-id': 'r1', 'set-cookie': 'sid=1' }

it.each([
  [new TypeError('not a function'), { name: 'TypeError', message: 'not a function', code: null }],
  [
    { error: 'NO_PROFILE', error_description: 'Gone', status: 404 },
    { error: 'NO_PROFILE', error_description: 'Gone', status: 404 },
  ],
  [
    new Response('no', { status: 503, statusText: 'Down', headers }),
    { status: 503, statusText: 'Down', headers: { 'x-request-id': 'r1' } },
  ],
  ['text', 'text'],
  [null, null],
  [undefined, null],
  [
    [1, { two: 2n }],
    [1, { two: '2' }],
  ],
])('whatever is caught is told in the report: %s', async (caught, expected) => {
  const test = await buildApp()
  test.app.reportError('Oops', { caught })
  const report = await onlyReport(test)
  if (typeof expected === 'object' && expected !== null) {
    expect(report.error_caught).toMatchObject(expected)
  } else expect(report.error_caught).toBe(expected)
  expect(JSON.stringify(report)).not.toContain('sid=1')
})

it('a Response that is caught keeps its body for the application', async () => {
  const test = await buildApp()
  const caught = new Response('whole')
  test.app.reportError('Oops', { caught })
  await test.reported()
  expect(await caught.text()).toBe('whole')
})

it('outside of a request a report has no endpoint, and shows where it was made', async () => {
  const test = await buildApp()
  const id = test.app.reportError('The job has failed', { data: { job: 7 } })
  const report = await onlyReport(test)
  expect(report).toMatchObject({
    title: 'NON-FATAL BACKEND ERROR orders: The job has failed',
    is_fatal_error: false,
    error_id: id,
    data: { job: 7 },
    request: null,
    user: null,
    response: null,
  })
  expect(id).toMatch(UUID)
  expect(report.stack[0]).toContain('non-fatal.test.ts')
})

it('app.reportError takes the request that the error belongs to', async () => {
  const test = await buildApp()
  test.app.get('/users/:id', (request) => {
    test.app.reportError('Oops', { request })
    return 'ok'
  })
  await test.app.inject('/users/7')
  expect(await onlyReport(test)).toMatchObject({
    title: 'NON-FATAL BACKEND ERROR orders GET /users/:id: Oops',
    request: { path: '/users/7' },
  })
})

it('the report is delivered while the request still runs, but never within the call', async () => {
  const test = await buildApp()
  const seen: number[] = []
  test.app.get('/', async (request) => {
    request.reportError('Oops')
    seen.push(test.calls.length)
    await test.reported()
    seen.push(test.calls.length)
    return 'ok'
  })
  await test.app.inject('/')
  expect(seen).toEqual([0, 1])
})

it('a report with the option fatal has the fatal title, and its request is not reported twice', async () => {
  const test = await buildApp()
  let id: string | undefined
  test.app.get('/', (request) => {
    id = request.reportError('The stock is gone', { caught: new Error('x'), fatal: true })
    return boom()
  })
  const answer = await test.app.inject('/')
  const report = await onlyReport(test)
  expect(report.title).toBe('FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: The stock is gone')
  expect(answer.headers['x-error-id']).toBe(id)
  expect(report.error_id).toBe(id)
})

it('each call is in the log under its error id, also when it is suppressed', async () => {
  const test = await buildApp()
  const ids = [1, 2, 3].map(() => test.app.reportError('Oops'))
  expect(await test.reported()).toHaveLength(2)
  const lines = test.log.filter(({ msg }) => msg === 'Oops')
  expect(lines).toMatchObject(ids.map((errorId) => ({ level: 40, errorId })))
})

it.each([undefined, null, 7, Symbol('x'), {}])(
  'a title that is no text does no harm',
  async (title) => {
    const test = await buildApp()
    expect(() => test.app.reportError(title as string, null as never)).not.toThrow()
    expect(await test.reported()).toHaveLength(1)
  },
)

it('an unknown field of reportError is an error in the log, with the nearest one; the report is made', async () => {
  const test = await buildApp()
  test.app.get('/', (request) => request.reportError('Oops', { cuaght: new Error('x') } as never))
  await test.app.inject('/')
  test.app.reportError('Oops', { reqest: 1, data: { order: 7 } } as never)
  const reports = await test.reported()
  expect(reports.map(({ report }) => report.data)).toEqual([null, { order: 7 }])
  const lines = test.log.filter(({ level }) => level === 50)
  expect(lines.map(({ msg, errorId }) => [msg, errorId])).toEqual([
    ['reportError: unknown field "cuaght"; did you mean "caught"?', reports[0]?.report.error_id],
    ['reportError: unknown field "reqest"; did you mean "request"?', reports[1]?.report.error_id],
  ])
})

it('an error in place of the options of reportError is what was caught, and the log says so', async () => {
  const test = await buildApp()
  test.app.get('/', (request) => request.reportError('Oops', new TypeError('x') as never))
  await test.app.inject('/')
  expect(await onlyReport(test)).toMatchObject({
    error_caught: { name: 'TypeError', message: 'x' },
    request: { path: '/' },
  })
  expect(test.log.filter(({ level }) => level === 50)).toMatchObject([
    {
      msg: 'reportError: expected an object of caught, data, fatal, got an error; it is taken as caught',
    },
  ])
})
