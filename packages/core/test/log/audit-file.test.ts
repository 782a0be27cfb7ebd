import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import scsPlugin, { type SinkOptions } from '@fastify-scs/core'
import Fastify from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MAX_EAGER_TRIES, MAX_PENDING_BYTES, RETRY_MS } from '../../src/log/sync-line-sink.js'
import { buildApp, type Line, type TestApp } from '../build-app.js'
import { fullDisk } from './full-disk.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-audit-'))
  path = join(folder, 'audit.log')
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

async function appWith(file: Exclude<SinkOptions['file'], false | undefined>): Promise<TestApp> {
  const built = await buildApp({ audit: { file } })
  built.app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'no {n}' })
  built.app.get<{ Querystring: { n: string } }>('/', (request) => {
    request.addAuditEvent('seen', { n: Number(request.query.n) })
    return 'ok'
  })
  return built
}

function messagesIn(file: string): unknown[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => (JSON.parse(line) as Line).message)
}

it('a line is in the file when addAuditEvent returns, and only the owner has access to a new file', async () => {
  const { app } = await appWith({ path })
  app.scs.addAuditEvent('seen', { n: 1 })
  expect(messagesIn(path)).toEqual(['no 1'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await app.close()
})

it('an existing file is appended to, and the access of others is removed with a warning', async () => {
  writeFileSync(path, '{"message":"older"}\n')
  chmodSync(path, 0o640)
  const { app, log } = await appWith({ path })
  app.scs.addAuditEvent('seen', { n: 1 })
  expect(messagesIn(path)).toEqual(['older', 'no 1'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(log.filter((line) => line.level === 40)).toMatchObject([
    { sink: 'file', msg: expect.stringContaining(`others had access to ${path} (mode 0640)`) },
  ])
  await app.close()
})

it('a path in a missing folder fails at start-up', async () => {
  const app = Fastify()
  app.register(scsPlugin, { audit: { file: { path: join(folder, 'missing', 'audit.log') } } })
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_LOG_FILE',
    message: expect.stringContaining(`its folder ${join(folder, 'missing')} does not exist`),
  })
})

it('a path that is a link to anything but a regular file of this user fails at start-up', async () => {
  symlinkSync('/dev/null', path)
  const app = Fastify()
  app.register(scsPlugin, { audit: { file: { path } } })
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_LOG_FILE',
    message: expect.stringContaining('is a symbolic link'),
  })
})

it('a path that is a folder fails at start-up', async () => {
  const app = Fastify()
  app.register(scsPlugin, { audit: { file: { path: folder } } })
  await expect(app.ready()).rejects.toMatchObject({ code: 'SCS_ERR_LOG_FILE' })
})

it('a file is rotated before it exceeds its size, and only `backupCount` backups are kept', async () => {
  const { app } = await appWith({ path, maxSizeMb: 1000 / 1_048_576, backupCount: 2 })
  for (let n = 0; n < 40; n++) app.scs.addAuditEvent('seen', { n })
  await app.close()
  const files = [`${path}.2`, `${path}.1`, path]
  for (const file of files) {
    expect(statSync(file).size).toBeLessThanOrEqual(1000)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  }
  expect(existsSync(`${path}.3`)).toBe(false)
  const kept = files.flatMap(messagesIn)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => `no ${40 - kept.length + i}`))
})

it('a failing rotation loses no line, is logged and is counted', async () => {
  const { app, log } = await appWith({ path, maxSizeMb: 500 / 1_048_576, backupCount: 1 })
  mkdirSync(join(`${path}.1`, 'not-empty'), { recursive: true })
  for (let n = 0; n < 10; n++) app.scs.addAuditEvent('seen', { n })
  expect(messagesIn(path)).toHaveLength(10)
  expect(app.scs.audit.stats().sinks.file).toMatchObject({ written: 10, dropped: 0 })
  expect(app.scs.audit.stats().sinks.file?.failed).toBeGreaterThan(0)
  expect(log.some((line) => line.level === 50)).toBe(true)
  await app.close()
})

it('a full disk fails no request, is logged once and counted, and no line is lost once there is room again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const disk = fullDisk(folder)
  const { app, log } = await appWith({ path: disk.path })
  for (const n of [1, 2, 3]) expect((await app.inject(`/?n=${n}`)).statusCode).toBe(200)
  expect(app.scs.audit.stats()).toMatchObject({
    events: 3,
    sinks: { file: { written: 0, failed: 3, lastFailure: expect.stringMatching(/ENOSPC/) } },
  })
  expect(log.filter((line) => line.level === 50)).toHaveLength(1)
  path = disk.makeRoom()
  vi.advanceTimersByTime(RETRY_MS)
  expect(messagesIn(path)).toEqual(['no 1', 'no 2', 'no 3'])
  expect(app.scs.audit.stats().sinks.file).toMatchObject({ written: 3, pendingBytes: 0 })
  expect(log.filter((line) => line.msg === 'the audit log is written again')).toHaveLength(1)
  await app.inject('/?n=4')
  expect(messagesIn(path)).toEqual(['no 1', 'no 2', 'no 3', 'no 4'])
  await app.close()
})

it('a new event makes the sink try again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const disk = fullDisk(folder)
  const { app } = await appWith({ path: disk.path })
  app.scs.addAuditEvent('seen', { n: 1 })
  path = disk.makeRoom()
  app.scs.addAuditEvent('seen', { n: 2 })
  expect(messagesIn(path)).toEqual(['no 1', 'no 2'])
  await app.close()
})

it('a disk that stays full is tried again by the next few events and then once a second, and the order of lines is kept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const disk = fullDisk(folder)
  const { app } = await appWith({ path: disk.path })
  for (let n = 0; n < 1000; n++) app.scs.addAuditEvent('seen', { n })
  vi.advanceTimersByTime(3 * RETRY_MS)
  expect(app.scs.audit.stats().sinks.file?.failed).toBe(MAX_EAGER_TRIES + 3)
  path = disk.makeRoom()
  app.scs.addAuditEvent('seen', { n: 1000 })
  expect(existsSync(path)).toBe(false)
  vi.advanceTimersByTime(RETRY_MS)
  expect(messagesIn(path)).toEqual(Array.from({ length: 1001 }, (_, n) => `no ${n}`))
  expect(app.scs.audit.stats().sinks.file).toMatchObject({ written: 1001, dropped: 0 })
  await app.close()
})

it('app.scs.audit.reopen() tries a full disk again at once', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const disk = fullDisk(folder)
  const { app } = await appWith({ path: disk.path })
  for (let n = 0; n < 20; n++) app.scs.addAuditEvent('seen', { n })
  path = disk.makeRoom()
  app.scs.audit.reopen()
  expect(messagesIn(path)).toHaveLength(20)
  await app.close()
})

it('lines that still wait when the app closes are lost, which is logged with their number', async () => {
  // Taken before the app is built: an app of another test file may still listen, and apps share one listener.
  const listeners = process.listenerCount('exit')
  const { app, log } = await appWith({ path: '/dev/full' })
  for (const n of [1, 2, 3]) app.scs.addAuditEvent('seen', { n })
  await app.close()
  expect(log.filter((line) => 'lines' in line)).toMatchObject([
    { level: 50, sink: 'file', lines: 3, reason: expect.stringMatching(/ENOSPC/) },
  ])
  expect(app.scs.audit.stats().sinks.file).toMatchObject({ dropped: 3, pendingBytes: 0 })
  expect(process.listenerCount('exit')).toBe(listeners)
})

it('while a path cannot be written, the number of waiting bytes is limited, and dropped lines are counted', async () => {
  const { app } = await appWith({ path: '/dev/full' })
  const long = 'x'.repeat(10_000)
  for (let n = 0; n < 200; n++) app.scs.addAuditEvent('seen', { n: long })
  const stats = app.scs.audit.stats().sinks.file
  expect(stats?.pendingBytes).toBeLessThanOrEqual(MAX_PENDING_BYTES)
  expect(stats?.dropped).toBeGreaterThan(0)
  await app.close()
})

it('after a failure the path is opened again, so a file that was moved away is not written any more', async () => {
  const { app } = await appWith({ path, maxSizeMb: 400 / 1_048_576, backupCount: 3 })
  app.scs.addAuditEvent('seen', { n: 1 })
  renameSync(path, join(folder, 'elsewhere'))
  for (let n = 2; n < 6; n++) app.scs.addAuditEvent('seen', { n })
  expect(messagesIn(join(folder, 'elsewhere'))[0]).toBe('no 1')
  expect(existsSync(path)).toBe(true)
  await app.close()
})

it('lines below the level of a sink are not written to it', async () => {
  const { app } = await appWith({ path, level: 'error' })
  app.scs.registerAuditEvent({ type: 'bad', level: 'CRITICAL', messageTemplate: 'bad' })
  app.scs.addAuditEvent('seen', { n: 1 })
  app.scs.addAuditEvent('bad')
  expect(messagesIn(path)).toEqual(['bad'])
  await app.close()
})

it('a stream that throws fails no request, is logged and is counted', async () => {
  let isBroken = true
  const lines: string[] = []
  const stream = {
    write: (line: string): void => {
      if (isBroken) throw new Error('broken pipe')
      lines.push(line)
    },
  }
  const { app, log } = await buildApp({ audit: { stream } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'x' })
  app.scs.addAuditEvent('seen')
  isBroken = false
  app.scs.addAuditEvent('seen')
  expect(lines).toHaveLength(1)
  expect(app.scs.audit.stats().sinks.stream).toMatchObject({ written: 1, failed: 1, dropped: 1 })
  expect(log.filter((line) => line.level === 50)).toHaveLength(1)
  await app.close()
})

it('a kill -9 right after the answer loses no line', async () => {
  const program = `
    import Fastify from ${JSON.stringify(import.meta.resolve('fastify'))}
    import scs from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
    const app = Fastify()
    await app.register(scs, { audit: { file: { path: process.argv[1] } } })
    app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'no {n}' })
    app.get('/', (request) => { request.addAuditEvent('seen', { n: request.query.n }); return 'ok' })
    console.log(await app.listen({ port: 0, host: '127.0.0.1' }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = (await once(child.stdout, 'data')) as [Buffer]
  for (const n of [1, 2, 3]) await (await fetch(`${address.toString().trim()}/?n=${n}`)).text()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(messagesIn(path)).toEqual(['no 1', 'no 2', 'no 3'])
})

it('by default lines are written to the standard output, synchronously', async () => {
  const program = `
    import Fastify from ${JSON.stringify(import.meta.resolve('fastify'))}
    import scs from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
    const app = Fastify()
    await app.register(scs)
    app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'no {n}' })
    for (let n = 0; n < 2000; n++) app.scs.addAuditEvent('seen', { n })
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(2000)
  expect(JSON.parse(lines[1999] ?? '')).toMatchObject({ message: 'no 1999', source: 'app' })
})
