import { existsSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { newPath, numbersOf, start, upTo } from './processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const COUNT = 1_000

describe('a process that ends loses nothing that was written', () => {
  it('by process.exit', async () => {
    const path = newPath()
    const host = start('host', path, 'exit', String(COUNT))
    expect(await host.ended()).toBe(0)
    expect(await numbersOf(path)).toEqual(upTo(COUNT))
    expect(existsSync(`${path}.outbox`)).toBe(false)
  })

  it('by an uncaught exception', async () => {
    const path = newPath()
    const host = start('host', path, 'throw', String(COUNT))
    expect(await host.ended()).toBe(1)
    expect(host.output()).toContain('uncaught, on purpose')
    expect(await numbersOf(path)).toEqual(upTo(COUNT))
  })

  it('because the event loop is empty', async () => {
    const path = newPath()
    const host = start('host', path, 'end', String(COUNT))
    expect(await host.ended()).toBe(0)
    expect(await numbersOf(path)).toEqual(upTo(COUNT))
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by %s, of which it still dies',
    async (signal) => {
      const path = newPath()
      const host = start(
        'host',
        path,
        'wait',
        String(COUNT),
        '{"flushMs":60000,"batchRecords":5000}',
      )
      await host.untilSaid('written')
      host.child.kill(signal)
      expect(await host.ended()).toBe(signal)
      expect(await numbersOf(path)).toEqual(upTo(COUNT))
    },
  )

  it('while another process holds the lock; the next start stores it', async () => {
    const path = newPath()
    expect(await start('host', path, 'exit', '0').ended()).toBe(0)
    const locker = start('locker', path)
    await locker.untilSaid('locked')
    const options = '{"closeTimeoutMs":200,"startup":"wait","adapterOptions":{"busyTimeoutMs":50}}'
    const host = start('host', path, 'exit', String(COUNT), options)
    expect(await host.ended()).toBe(0)
    expect(existsSync(`${path}.outbox`)).toBe(true)
    locker.child.stdin?.write('\n')
    await locker.untilSaid('released')
    expect(await start('host', path, 'close', '0').ended()).toBe(0)
    expect(await numbersOf(path)).toEqual(upTo(COUNT))
    expect(existsSync(`${path}.outbox`)).toBe(false)
  })
})

describe('kill -9', () => {
  it('loses only the last moments', async () => {
    const path = newPath()
    const host = start('host', path, 'stream', '0')
    await host.untilSaid('\n3000 ')
    host.child.kill('SIGKILL')
    expect(await host.ended()).toBe('SIGKILL')
    const said = host
      .output()
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number))
    const stored = await numbersOf(path)
    expect(stored).toEqual(upTo(stored.length))
    const endMs = said.at(-1)?.[1] ?? 0
    const lost = said.filter(([number = 0]) => number >= stored.length)
    const lostMs = Math.max(0, ...lost.map(([, atMs = 0]) => endMs - atMs))
    // 20 ms by design; the bound leaves room for a machine that is busy with other tests.
    expect(lostMs).toBeLessThan(1_000)
  })

  it("loses nothing with durability: 'process', and the next start stores it", async () => {
    const path = newPath()
    const options = '{"durability":"process"}'
    const host = start('host', path, 'killSelf', String(COUNT), options)
    expect(await host.ended()).toBe('SIGKILL')
    expect((await numbersOf(path)).length).toBeLessThan(COUNT)
    const next = start('host', path, 'close', '0', options)
    expect(await next.ended()).toBe(0)
    expect(await numbersOf(path)).toEqual(upTo(COUNT))
    expect(existsSync(`${path}.outbox`)).toBe(false)
  })
})

it('four processes that write one file all get their records in, once each', async () => {
  const path = newPath()
  const hosts = upTo(4).map(() => start('host', path, 'close', '2000'))
  for (const host of hosts) {
    expect(await host.ended()).toBe(0)
    expect(host.output()).toContain('{"shed":0,"written":2000}')
  }
  const stored = await numbersOf(path)
  const expected = upTo(2_000).flatMap((number) => [number, number, number, number])
  expect(stored.sort((one, other) => one - other)).toEqual(expected)
})
