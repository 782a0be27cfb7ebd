import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startServer } from '../src/measure/contestant.js'
import { isRunning, tinySide } from './tiny-side.js'

describe.skipIf(process.platform !== 'linux')('startServer', () => {
  it('starts a server that answers and ends it', async () => {
    const server = await startServer(tinySide('one'))
    const answer = await fetch(`http://127.0.0.1:${server.port}/`)
    expect(await answer.json()).toEqual({ id: 1 })
    await server.stop()
    expect(isRunning(server.pid)).toBe(false)
  })

  it('tells the server what the side has for it', async () => {
    const execArgv = ['--max-http-header-size=8000']
    const server = await startServer({ ...tinySide('told'), args: ['127.0.0.1:9'], execArgv })
    const answer = await fetch(`http://127.0.0.1:${server.port}/`)
    expect(await answer.json()).toEqual({ args: ['127.0.0.1:9'], execArgv })
    await server.stop()
  })

  it('kills a server that does not end by itself', { timeout: 20_000 }, async () => {
    const server = await startServer(tinySide('stubborn'))
    await server.stop()
    expect(isRunning(server.pid)).toBe(false)
  })

  it('fails for a server that ends before it listens', async () => {
    await expect(startServer(tinySide('broken'))).rejects.toMatchObject({
      message: 'Cannot start tiny-server.mjs broken',
      cause: { message: 'It ended (1) before it listened' },
    })
  })

  it('leaves no server behind when the runner is killed', { timeout: 20_000 }, async () => {
    const runner = fork(fileURLToPath(new URL('programs/runner.mjs', import.meta.url)))
    const [{ pid }] = await once(runner, 'message')
    expect(isRunning(pid)).toBe(true)
    runner.kill('SIGKILL')
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
  })
})
