import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordIdMaker } from '@fastify-scs/core/kit'
import { fileReporter, logReporter } from '@fastify-scs/error-reporter'
import storePlugin from '@fastify-scs/store'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { boom, buildApp, UUID } from '../build-app.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'error-reporter-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('the file reporter appends one line of JSON for each report, which only its owner can read', async () => {
  const path = join(folder, 'reports.jsonl')
  const test = await buildApp({ reporter: { errorReporter: fileReporter({ path }) } })
  for (const title of ['one\ntwo', 'three']) test.app.reportError(title)
  await test.reported()
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).title)).toEqual([
    'NON-FATAL BACKEND ERROR orders: one two',
    'NON-FATAL BACKEND ERROR orders: three',
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('the file may be moved away while the app runs', async () => {
  const path = join(folder, 'reports.jsonl')
  const test = await buildApp({ reporter: { errorReporter: fileReporter({ path }), growth: 1 } })
  for (const _ of [1, 2]) {
    test.app.reportError('Oops')
    await test.reported()
    renameSync(path, join(folder, `old-${Math.random()}`))
  }
  test.app.reportError('Oops')
  await test.reported()
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('a report begins a new line after one that was torn', async () => {
  const path = join(folder, 'reports.jsonl')
  writeFileSync(path, '{"title":"whole"}\n{"tit')
  const test = await buildApp({ reporter: { errorReporter: fileReporter({ path }) } })
  test.app.reportError('one')
  await test.reported()
  const lines = readFileSync(path, 'utf8').split('\n')
  expect([lines[1], lines.length]).toEqual(['{"tit', 4])
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({
    title: 'NON-FATAL BACKEND ERROR orders: one',
  })
})

it('a report is one line on a terminal too, and control characters in it are shown as escapes', async () => {
  const path = join(folder, 'reports.jsonl')
  const test = await buildApp({ reporter: { errorReporter: fileReporter({ path }) } })
  const odd = 'a\u2028b\u0085c\u202ed\u007fe\u2066f'
  test.app.reportError('one', { data: { odd } })
  await test.reported()
  const text = readFileSync(path, 'utf8')
  expect(text).not.toMatch(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
  expect(text).toContain('b\\u0085c\\u202ed')
})

it('others lose their access to an existing file, and a warning says so', () => {
  const path = join(folder, 'reports.jsonl')
  writeFileSync(path, '', { mode: 0o644 })
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  fileReporter({ path })
  expect(told).toHaveBeenCalledWith(expect.stringContaining(`access to ${path} (mode 0644)`))
  told.mockRestore()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('a link to the file of another user is refused', () => {
  const path = join(folder, 'reports.jsonl')
  symlinkSync('/dev/null', path)
  expect(() => fileReporter({ path })).toThrow(
    expect.objectContaining({ code: 'SCS_REPORTER_ERR_FILE' }),
  )
})

it('the log reporter writes fatal reports at error and the others at warn', async () => {
  const test = await buildApp({ reporter: { errorReporter: logReporter() } })
  test.app.get('/', boom)
  await test.app.inject('/')
  test.app.reportError('Oops')
  await test.reported()
  const lines = test.log.filter(({ report }) => report !== undefined)
  expect(lines).toMatchObject([
    { level: 50, msg: expect.stringMatching(/^FATAL BACKEND ERROR/) },
    { level: 40, msg: 'NON-FATAL BACKEND ERROR orders: Oops' },
  ])
})

it('a store that is registered, before or after, keeps every report as a record', async () => {
  const test = await buildApp({ reporter: { apiVersion: '1.4.0' } })
  await test.app.register(storePlugin, { url: 'memory:' })
  test.app.get('/users/:id', (request) => {
    request.reportError('Oops')
    return boom()
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`
  await test.app.inject({ url: '/users/7', headers: { traceparent } })
  const calls = await test.reported()
  await test.app.scsStore.flush()
  const { items } = await test.app.scsStore.find('reports')
  const [fatal, nonFatal] = items.toSorted((a, b) =>
    (a.keys.level ?? '').localeCompare(b.keys.level ?? ''),
  )
  expect([nonFatal?.data, fatal?.data]).toEqual(calls.map(({ report }) => report))
  expect(nonFatal?.keys).toMatchObject({ status: 'non-fatal', level: 'WARN' })
  expect(fatal?.keys).toEqual({
    service: 'orders',
    status: 'fatal',
    statusCode: 500,
    level: 'ERROR',
    requestId: 'req-1',
    route: 'GET /users/:id',
    release: '1.4.0',
    traceId,
    durationMs: expect.any(Number),
    remoteId: calls[1]?.report.error_id,
    fingerprint: calls[1]?.report.fingerprint,
    summary: calls[1]?.title,
  })
  expect(await test.app.scsStore.stats()).toMatchObject({ deadLettered: 0, written: 2 })
  expect(test.app.errorReporter.stats().reporters).toMatchObject([
    {},
    { name: 'store', delivered: 2 },
  ])
  await test.app.close()
})

it('a report of an unknown route, without a release and outside of a trace, has none of these keys', async () => {
  const test = await buildApp()
  await test.app.register(storePlugin, { url: 'memory:' })
  test.app.addHook('onRequest', boom)
  await test.app.inject('/nowhere/42')
  await test.reported()
  await test.app.scsStore.flush()
  const [record] = (await test.app.scsStore.find('reports')).items
  expect(record?.keys).toMatchObject({ status: 'fatal' })
  for (const key of ['route', 'release', 'traceId']) expect(record?.keys).not.toHaveProperty(key)
  await test.app.close()
})

it('a report of a plugin that watches calls has its status', async () => {
  const test = await buildApp()
  await test.app.register(storePlugin, { url: 'memory:' })
  await test.app.ready()
  test.app.reportError('Too slow', { kind: 'slow' })
  test.app.reportError('Hangs', { kind: 'stuck', occurrences: 2 })
  test.app.reportError('Broken', { kind: 'broken' as 'slow' })
  test.app.reportError('Fatal', { kind: 'slow', fatal: true })
  const calls = await test.reported()
  expect(calls.map(({ report }) => report.kind)).toEqual(['slow', 'stuck', 'non-fatal', 'fatal'])
  await test.app.scsStore.flush()
  const { items } = await test.app.scsStore.find('reports', { status: ['slow', 'stuck'] })
  const keys = items.map(({ keys: { status, level } }) => `${status} ${level}`)
  expect(keys.toSorted()).toEqual(['slow WARN', 'stuck WARN'])
  expect(test.log.map(({ msg }) => msg)).toContain(
    "reportError: expected kind to be 'slow', 'stuck' or 'blocked', got 'broken'",
  )
  await test.app.close()
})

it('the id of a report is a UUID v7 of its time', () => {
  const id = new RecordIdMaker().next(1_800_000_000_000)
  expect(id).toMatch(UUID)
  expect(id).toMatch(/^01a3185c-5000-7[0-9a-f]{3}-[89ab]/)
})

it('the log says how long a slow call took, in the message and as a field', async () => {
  const test = await buildApp({ reporter: { errorReporter: logReporter() } })
  const data = { kind: 'slow', durationMs: 1_234.4 }
  test.app.reportError('GET / calltime exceeded 1000 millisec!', { kind: 'slow', data })
  test.app.reportError('Late', { kind: 'slow', data: { durationMs: 'long' } })
  await expect
    .poll(() => test.log.filter(({ msg }) => msg?.startsWith('NON-FATAL')))
    .toMatchObject([
      {
        msg: 'NON-FATAL BACKEND ERROR orders: GET / calltime exceeded 1000 millisec! It took 1234 ms.',
        durationMs: 1_234.4,
      },
      { msg: 'NON-FATAL BACKEND ERROR orders: Late' },
    ])
})
