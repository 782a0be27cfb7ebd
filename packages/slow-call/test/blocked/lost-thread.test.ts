import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { until } from '../build-app.js'
import { startServer } from './blocked-server.js'

const PRELOAD = pathToFileURL(join(import.meta.dirname, '..', 'programs', 'preload.mjs')).href

it('a thread that somebody has ended is told, and watches again a minute later', async () => {
  const server = await startServer()
  expect(JSON.parse((await server.get('/end-thread')) ?? '')).toMatchObject({
    isWatched: false,
    watchFailures: 1,
  })
  expect(server.stderr()).toContain('the thread has ended by itself')
  await server.get('/loop/1?ms=1000')
  expect(await server.stats()).toMatchObject({ isWatched: false, blocked: 0 })
  await server.get('/minute-later')
  while (!(await server.stats()).isWatched);
  await server.get('/loop/1?ms=1000')
  expect(await server.report()).toMatchObject({ route: '/loop/:id' })
  expect(await server.stats()).toMatchObject({ watchFailures: 1 })
})

it.each([
  ['an error', 'throw new Error("broken")', 'the thread has failed: broken'],
  ['a full memory', 'const all = []; for (;;) all.push({ all: [all.length] })', 'memory limit'],
  ['its own end', 'process.exit(3)', 'by itself, with code 3'],
])(
  'a thread that ends by %s leaves the process running, and is told once',
  async (_, code, told) => {
    const blockedWorkerUrl = `data:text/javascript,${encodeURIComponent(code)}`
    const server = await startServer({ blockedWorkerUrl }, { isWatched: false })
    await until(() => server.stderr().includes(told))
    expect(await server.stats()).toMatchObject({ isWatched: false, watchFailures: 1 })
  },
)

it('a thread that ends while it holds the main thread lets it go', async () => {
  const code = `
    import { Session } from 'node:inspector'
    const session = new Session()
    session.connectToMainThread()
    session.on('Debugger.paused', () => process.exit(4))
    session.post('Debugger.enable')
    session.post('Debugger.pause')
    setInterval(() => {}, 1000)`
  const blockedWorkerUrl = `data:text/javascript,${encodeURIComponent(code)}`
  const server = await startServer({ blockedWorkerUrl }, { isWatched: false })
  await until(() => server.stderr().includes('by itself, with code 4'))
  expect(await server.stats()).toMatchObject({ isWatched: false })
})

it('what the host preloads, also by NODE_OPTIONS, does not run in the thread', async () => {
  const server = await startServer({}, { nodeOptions: `--import=${PRELOAD}` })
  await server.get('/loop/1?ms=1000')
  await server.report()
  expect(server.stderr().match(/preloaded in thread \d+/g)).toEqual(['preloaded in thread 0'])
})
