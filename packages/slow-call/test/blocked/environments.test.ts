import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../build-app.js'
import { startServer } from './blocked-server.js'

const PROGRAMS = join(import.meta.dirname, '..', 'programs')
const UNWATCHED = { isWatched: false }
const QUIET = { level: 'info' }
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission'
const NETWORK = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []

async function print(program: string, ...args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [join(PROGRAMS, program), ...args])
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(errors.replace(/.*no logger.*\n/, '')).toBe('')
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}

it('where a debugger may stop the process, nothing is watched, and one line says so', async () => {
  const execArgv = ['--inspect=127.0.0.1:0']
  const server = await startServer(QUIET, { execArgv, ...UNWATCHED })
  await until(() => server.stderr().includes('not watched for blocks: a debugger is attached'))
  await server.get('/loop/1?ms=1000')
  expect(await server.stats()).toMatchObject({ isWatched: false, blocked: 0 })
  expect(server.stderr().match(/not watched/g)).toHaveLength(1)
})

it('a debugger that is attached later stops the watch until it leaves', async () => {
  const server = await startServer(QUIET)
  await server.get('/attach')
  await until(() => server.stderr().includes('a debugger is attached'))
  await server.get('/loop/1?ms=1000')
  expect(await server.stats()).toMatchObject({ isWatched: true, blocked: 0 })
  await server.get('/detach')
  await until(() => server.stderr().includes('the debugger has left'))
  await server.get('/loop/1?ms=1000')
  expect(await server.report()).toMatchObject({ route: '/loop/:id' })
})

it('under the permission model nothing is watched, and the process goes on', async () => {
  // A thread that connected to the inspector would end the process there.
  const execArgv = [PERMISSION, '--allow-fs-read=*', '--allow-worker', ...NETWORK]
  const server = await startServer(QUIET, { execArgv, ...UNWATCHED })
  await until(() => server.stderr().includes('the permission model refuses the inspector'))
  await server.get('/loop/1?ms=1000')
  expect(await server.stats()).toMatchObject({ isWatched: false, watchFailures: 0 })
})

it('an app in a worker thread is not watched, since the main thread is another one', async () => {
  const program = join(PROGRAMS, 'blocked-in-thread.mjs')
  const child = spawn(process.execPath, [program, JSON.stringify(QUIET)])
  onTestFinished(() => void child.kill('SIGKILL'))
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk
  })
  await until(() => log.includes('not watched for blocks: the app runs in a worker thread'))
})

it('each process of a cluster watches its own event loop', async () => {
  const program = join(PROGRAMS, 'blocked-in-cluster.mjs')
  const child = spawn(process.execPath, [program, JSON.stringify({ blockedAfterMs: 400 })])
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await once(child, 'close')
  })
  const said: { address?: string; pid?: number; report?: { route: string } }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)))
  const addresses = () => said.flatMap(({ address }) => address ?? [])
  await until(() => addresses().length === 2)
  for (const address of addresses()) {
    const isWatched = async (): Promise<boolean> =>
      (await (await fetch(`${address}/stats`)).text()).includes('"isWatched":true')
    while (!(await isWatched()));
    await fetch(`${address}/loop/1?ms=1000`)
  }
  await until(() => said.filter(({ report }) => report !== undefined).length === 2)
})

it('the apps of a process share one thread; the one whose request it was reports, and nothing is left when they are closed', async () => {
  const printed = (await print('blocked-apps.mjs', '25')) as {
    withTwo: { threads: number }
    left: { threads: number }
  }
  expect(printed).toMatchObject({
    reports: [{ source: 'two', route: '/two' }],
    withTwo: { keys: 1 },
    withOne: { keys: 1, threads: printed.withTwo.threads },
    left: { keys: 0 },
  })
  if (process.platform === 'linux') expect(printed.left.threads).toBe(printed.withTwo.threads - 1)
})
