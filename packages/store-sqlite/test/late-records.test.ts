import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { buildApp, numbered } from './build-app.js'
import { newPath, numbersOf, upTo } from './processes.js'
import { canMount, mountSmallDisk } from './small-disk.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const COUNT = 920

/** Writes records from a timer, until all are written. */
function keepWriting(write: (count: number) => void): { readonly done: Promise<void> } {
  let written = 0
  const done = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const count = Math.min(3, COUNT - written)
      write(count)
      written += count
      if (written < COUNT) return
      clearInterval(timer)
      resolve()
    }, 1)
    onTestFinished(() => clearInterval(timer))
  })
  return { done }
}

it('records written by a timer during and after app.close() are stored by the next start', async () => {
  const path = newPath()
  const app = await buildApp(path)
  const records = numbered(COUNT)
  let at = 0
  const { done } = keepWriting((count) => {
    for (const record of records.slice(at, at + count)) app.scsStore.write(record)
    at += count
  })
  await vi.waitFor(() => expect(at).toBeGreaterThan(200))
  await app.close()
  const lateFrom = at
  await done
  const { shed, afterClose } = await app.scsStore.stats()
  expect(shed.integration_requests).toBe(0)
  expect(afterClose.lost.integration_requests).toBe(0)
  expect(afterClose.kept.integration_requests).toBeGreaterThanOrEqual(COUNT - lateFrom)
  expect(readdirSync(`${path}.outbox`).length).toBeLessThanOrEqual(2)
  const next = await buildApp(path)
  expect(await next.scsStore.flush()).toBe(true)
  await next.close()
  expect(await numbersOf(path)).toEqual(upTo(COUNT))
  expect(existsSync(`${path}.outbox`)).toBe(false)
})

it('a start right after the close, in the same process, has all that was written before', async () => {
  const path = newPath()
  const first = await buildApp(path)
  const records = numbered(60)
  for (const record of records.slice(0, 20)) first.scsStore.write(record)
  const closing = first.close()
  for (const record of records.slice(20, 40)) first.scsStore.write(record)
  await closing
  for (const record of records.slice(40)) first.scsStore.write(record)
  const next = await buildApp(path)
  expect(await next.scsStore.flush()).toBe(true)
  expect((await next.scsStore.find('integration_requests', { limit: 500 })).items).toHaveLength(60)
})

it.each(['SIGKILL', 'exit'])('a late record is not lost by %s', async (end) => {
  const path = newPath()
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITE_LATE, path, end], {
    cwd,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const [code, signal] = await once(child, 'close')
  expect(code ?? signal, said).toBe(end === 'exit' ? 0 : end)
  expect(await numbersOf(path)).toEqual(upTo(10))
  const next = await buildApp(path)
  expect(await next.scsStore.flush()).toBe(true)
  await next.close()
  expect(await numbersOf(path)).toEqual(upTo(20))
})

it.skipIf(!canMount())(
  'a full disk loses late records, which is counted, and throws nothing',
  async () => {
    const path = newPath()
    const folder = mountSmallDisk('1m')
    const app = await buildApp(path, { outboxPath: join(folder, 'outbox') })
    await app.close()
    const records = numbered(2_000)
    for (const record of records) app.scsStore.write(record)
    const { kept, lost } = (await app.scsStore.stats()).afterClose
    expect(kept.integration_requests).toBeGreaterThan(100)
    expect(lost.integration_requests).toBeGreaterThan(500)
    expect(kept.integration_requests + lost.integration_requests).toBe(2_000)
    const next = await buildApp(path, { outboxPath: join(folder, 'outbox') })
    expect(await next.scsStore.flush()).toBe(true)
    await next.close()
    // The last line was cut where the disk was full.
    expect(await numbersOf(path)).toEqual(upTo(kept.integration_requests))
  },
)

/** A host that closes, writes ten records more, and ends at once. */
const WRITE_LATE = `
  import scsPlugin from '@fastify-scs/core'
  import { createRecordId } from '@fastify-scs/core/kit'
  import store from '@fastify-scs/store'
  import Fastify from 'fastify'
  const [, path, end] = process.argv
  const app = Fastify()
  await app.register(scsPlugin, { source: 'host', audit: false })
  await app.register(store, { url: 'sqlite:' + path })
  const write = (number) => app.scsStore.write({
    kind: 'integration_requests', id: createRecordId(), createdAt: Date.now(), revision: 0,
    keys: {}, data: { number }, importance: 'normal',
  })
  for (let number = 0; number < 10; number++) write(number)
  await app.close()
  for (let number = 10; number < 20; number++) write(number)
  if (end === 'exit') process.exit(0)
  process.kill(process.pid, end)`
