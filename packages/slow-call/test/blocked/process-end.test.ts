import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sleep, until } from '../build-app.js'
import { startServer } from './blocked-server.js'

/** The path of a folder that is not there yet; removed when the test is over. */
function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'scs-blocked-test-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return join(parent, 'left')
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
  } catch {
    return []
  }
}

it('an endless loop that ends by kill -9 is told at the next start', async () => {
  const blockedFolder = newFolder()
  const server = await startServer({ blockedFolder })
  expect(filesIn(blockedFolder)).toEqual([])
  void server.get('/forever?canary=c4n4ry')
  await until(() => filesIn(blockedFolder).length === 1)
  const [file = ''] = filesIn(blockedFolder)
  const path = join(blockedFolder, file)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(blockedFolder).mode & 0o777).toBe(0o700)
  await until(() => readFileSync(path, 'utf8').includes('"sample"'))
  expect(readFileSync(path, 'utf8')).not.toContain('c4n4ry')
  expect(await server.end('SIGKILL')).toBe('SIGKILL')
  expect(server.reports).toEqual([])

  const next = await startServer({ blockedFolder })
  expect(await next.report()).toMatchObject({
    title: expect.stringMatching(/^GET \/forever blocked the event loop for \d+ millisec or more/),
    end: 'process-ended',
    route: '/forever',
    url: null,
    stack: expect.arrayContaining([expect.stringContaining('blocked-server.mjs')]),
  })
  expect(filesIn(blockedFolder)).toEqual([])
  const third = await startServer({ blockedFolder })
  await sleep(300)
  expect(third.reports).toEqual([])
})

it('several processes of a service leave the file of a process that hangs alone', async () => {
  const blockedFolder = newFolder()
  const server = await startServer({ blockedFolder })
  const answer = server.get('/loop/1?ms=3000')
  await until(() => filesIn(blockedFolder).length === 1)
  const other = await startServer({ blockedFolder })
  await answer
  expect(await server.report()).toMatchObject({ end: 'ended' })
  expect(other.reports).toEqual([])
  await until(() => filesIn(blockedFolder).length === 0)
})

it('a block that process.exit ends is reported before the process ends, which prints nothing', async () => {
  const server = await startServer()
  await server.get('/exit')
  expect(await server.ended()).toBe(3)
  expect(server.reports).toMatchObject([{ route: '/exit', end: 'ended' }])
  expect(server.stderr()).toBe('')
})

it('a block that an uncaught exception ends is reported, and the error is all that is printed', async () => {
  const server = await startServer()
  await server.get('/throw')
  expect(await server.ended()).toBe(1)
  expect(server.reports).toMatchObject([{ route: '/throw' }])
  expect(server.stderr()).toMatch(/^file:.*Error: uncaught/s)
  expect(server.stderr()).not.toContain('ebugger')
})

it('a process whose app is closed ends by itself, at once, and prints nothing', async () => {
  const server = await startServer({ end: 'close' }, { isWatched: false })
  const startedAt = performance.now()
  expect(await server.ended()).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  expect(server.stderr()).toBe('')
})

it('a folder that is a foreign link is refused, and blocks are reported all the same', async () => {
  const server = await startServer({ blockedFolder: '/proc/self/exe' })
  await server.get('/loop/1?ms=1000')
  await server.report()
  expect(server.stderr()).toMatch(/the watch over the event loop has failed.*symbolic link/)
  // At the start, where it looks for what others have left, and in the block.
  expect(await server.stats()).toMatchObject({ blocked: 1, delivered: 1, watchFailures: 2 })
})
