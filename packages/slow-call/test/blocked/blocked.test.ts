import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlockedReport, StackNode } from '@fastify-scs/slow-call'
import { expect, it } from 'vitest'
import { sleep } from '../build-app.js'
import { startServer } from './blocked-server.js'

const PROGRAM = join(import.meta.dirname, '..', 'programs', 'blocked-server.mjs')
const LINES = readFileSync(PROGRAM, 'utf8').split('\n')

/** The number of the only line that contains a text. */
function lineOf(text: string): number {
  const at = LINES.findIndex((line) => line.includes(text))
  expect(at, text).toBeGreaterThan(-1)
  return at + 1
}

/** The nodes of a tree, each with what it leads to, as `line`. */
function nodesOf(nodes: readonly StackNode[]): readonly StackNode[] {
  return nodes.flatMap((node) => [node, ...nodesOf(node.children)])
}

/** The lines of the program that are in the tree. */
function ownLinesOf({ tree }: BlockedReport): readonly number[] {
  return nodesOf(tree)
    .filter(({ isOwn, file }) => isOwn && file === PROGRAM)
    .map(({ line }) => line)
}

it('a regular expression that explodes is named while it runs, with route, function and line', async () => {
  const server = await startServer()
  expect(await server.get('/regex?letters=26')).toBe('false')
  const report = await server.report()
  expect(report).toMatchObject({
    kind: 'blocked',
    title: `GET /regex blocked the event loop for ${report.blockedMs} millisec!`,
    method: 'GET',
    route: '/regex',
    url: '/regex?letters=26',
    limitMs: 400,
    end: 'ended',
    note: null,
    suppressed: 0,
  })
  expect(report.blockedMs).toBeGreaterThan(400)
  expect(report.samples).toBeGreaterThan(0)
  expect(report.inFlight).toEqual([
    { endpoint: 'GET /regex', requestId: report.requestId, ageMs: expect.any(Number) },
  ])
  const line = lineOf('(a+)+')
  expect(report.stack[0]).toContain(`at explode (file://${PROGRAM}:${line}:`)
  // From the application's outermost frame on.
  expect(report.tree).toMatchObject([
    { file: PROGRAM, line: lineOf('explode(`'), isOwn: true, share: 1 },
  ])
  expect(ownLinesOf(report)).toContain(line)
  expect(Date.parse(report.since)).toBeLessThan(Date.now())
})

it('a loop is named, also after an await and without the asynchronous context', async () => {
  const server = await startServer()
  await server.get('/later?ms=1200')
  const report = await server.report()
  expect(report).toMatchObject({ route: '/later', requestId: expect.stringContaining('req-') })
  expect(ownLinesOf(report)).toContain(lineOf('return spin(Number(request.query.ms'))
})

it('with the asynchronous context the request is known by it', async () => {
  const server = await startServer({ core: { context: true } })
  await server.get('/later?ms=1200')
  expect(await server.report()).toMatchObject({ route: '/later' })
})

it('a JSON.parse that takes seconds is reported with its route and the place of the handler', async () => {
  const server = await startServer()
  await server.get('/prepare')
  await sleep(500)
  const before = server.reports.length
  await server.get('/json')
  const report = await server.report(before)
  expect(report).toMatchObject({ route: '/json', note: expect.stringContaining('ative code') })
  const handler = lineOf("app.get('/json'")
  const [frame = ''] = report.stack
  const line = Number(/:(\d+):\d+\)?$/.exec(frame)?.[1])
  expect(frame).toContain(PROGRAM)
  // The handler, or the line where JavaScript went on in it.
  expect(line).toBeGreaterThanOrEqual(handler)
  expect(line).toBeLessThanOrEqual(handler + 3)
})

it('calls of native functions are reported at the line that makes them', async () => {
  const server = await startServer()
  await server.get('/pbkdf2')
  const report = await server.report()
  expect(report).toMatchObject({ route: '/pbkdf2' })
  expect(ownLinesOf(report)).toContain(lineOf('pbkdf2Sync('))
})

it('a synchronous child process is reported once it has ended, and the note says so', async () => {
  const server = await startServer()
  await server.get('/child')
  const report = await server.report()
  expect(report).toMatchObject({ route: '/child', note: expect.stringContaining('ative code') })
  expect(ownLinesOf(report)).toContain(lineOf("execFileSync('sleep'"))
})

it('no variable and no value of the application gets into a report, and the URL is redacted', async () => {
  const server = await startServer()
  await server.get('/loop/hunter2?ms=1000&canary=c4n4ry&password=pa55word')
  const report = await server.report()
  expect(report).toMatchObject({ route: '/loop/:id', method: 'GET' })
  const { url, ...rest } = report
  expect(JSON.stringify(rest)).not.toMatch(/c4n4ry|pa55word|hunter2/)
  expect(url).not.toContain('pa55word')
})

it('a block below the limit is neither reported nor counted', async () => {
  const server = await startServer({ blockedAfterMs: 1_500 })
  // Long enough for a sample.
  await server.get('/loop/1?ms=900')
  await sleep(500)
  expect(server.reports).toEqual([])
  expect(await server.stats()).toMatchObject({ blocked: 0, delivered: 0, watchFailures: 0 })
})

it('the same block is reported once an hour and counted, and again when it takes twice as long', async () => {
  const server = await startServer()
  for (const ms of [700, 700, 700]) {
    await server.get(`/loop/1?ms=${ms}`)
    await sleep(300)
  }
  expect(await server.stats()).toMatchObject({ blocked: 3, delivered: 1, suppressed: 2 })
  await server.get('/loop/1?ms=2000')
  expect(await server.report(1)).toMatchObject({ suppressed: 2 })
})

it('a debugger statement of the application does not stop it', async () => {
  const server = await startServer()
  expect(await server.get('/debugger')).toBe('went on')
  expect(await server.report()).toMatchObject({ route: '/debugger' })
})

it('a process that was stopped for a while was not blocked', async () => {
  const server = await startServer()
  server.child.kill('SIGSTOP')
  await sleep(2_000)
  server.child.kill('SIGCONT')
  await sleep(500)
  expect(await server.stats()).toMatchObject({ blocked: 0 })
  await server.get('/loop/1?ms=900')
  expect(await server.report()).toMatchObject({ route: '/loop/:id' })
})

it('false switches it off', async () => {
  const server = await startServer({ blockedAfterMs: false }, { isWatched: false })
  await server.get('/loop/1?ms=1200')
  expect(await server.get('/stats')).toBe('null')
  expect(server.reports).toEqual([])
})
