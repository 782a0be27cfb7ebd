import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FOLLOW_MS, RETRY_MS } from '../../src/log/sync-line-sink.js'
import { buildApp, type Line } from '../build-app.js'

let folder: string
let path: string
let moved: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-followed-'))
  path = join(folder, 'some.log')
  moved = join(folder, 'some.moved')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

interface Log {
  /** Writes so many lines, numbered on from the last. */
  write(count: number): void
  reopen?(): void
  written?(): number | undefined
  close(): Promise<void>
}

type LogMaker = (file: { maxSizeMb?: number; backupCount?: number }) => Promise<Log>

async function auditLog(file: { maxSizeMb?: number; backupCount?: number }): Promise<Log> {
  const { app } = await buildApp({ audit: { file: { path, ...file } } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'no {n}' })
  let n = 0
  return {
    write: (count) => {
      for (let i = 0; i < count; i++) app.scs.addAuditEvent('seen', { n: ++n })
    },
    reopen: () => app.scs.audit.reopen(),
    written: () => app.scs.audit.stats().sinks.file?.written,
    close: () => app.close(),
  }
}

async function applicationLog(file: { maxSizeMb?: number; backupCount?: number }): Promise<Log> {
  const app = Fastify({ logger: scsLogger({ file: { path, ...file, reopenOnSighup: false } }) })
  let n = 0
  return {
    write: (count) => {
      for (let i = 0; i < count; i++) app.log.info(`no ${++n}`)
    },
    close: () => app.close(),
  }
}

function messagesIn(...files: string[]): unknown[] {
  return files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines.pop()).toBe('')
    return lines.map((line) => (JSON.parse(line) as Line).message)
  })
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `no ${from + i}`)
}

describe.each<[string, LogMaker]>([
  ['the audit log', auditLog],
  ['the application log', applicationLog],
])('%s', (_name, open) => {
  it('opens its path again within a second after the file was moved away', async () => {
    const log = await open({})
    log.write(2)
    renameSync(path, moved)
    log.write(2)
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(3)
    expect(messagesIn(moved)).toEqual(numbers(1, 4))
    expect(messagesIn(path)).toEqual(numbers(5, 7))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await log.close()
  })

  it('appends to a new file at its path', async () => {
    const log = await open({})
    log.write(1)
    renameSync(path, moved)
    writeFileSync(path, '{"message":"begun elsewhere"}\n')
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(1)
    expect(messagesIn(path)).toEqual(['begun elsewhere', 'no 2'])
    await log.close()
  })

  it('copies the lines that were written to a deleted file', async () => {
    const log = await open({})
    log.write(2)
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(1)
    unlinkSync(path)
    log.write(4)
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(1)
    // What was there at the last look was for whoever deleted the file to keep or not.
    expect(messagesIn(path)).toEqual(numbers(3, 8))
    await log.close()
  })

  it('continues at the beginning of a file that was copied and emptied', async () => {
    const log = await open({ maxSizeMb: 1, backupCount: 1 })
    log.write(6000)
    copyFileSync(path, moved)
    truncateSync(path, 0)
    log.write(6000)
    expect(existsSync(`${path}.1`)).toBe(false)
    expect([...messagesIn(moved), ...messagesIn(path)]).toEqual(numbers(1, 12_000))
    await log.close()
  })

  it('does not rotate a file that another program has already rotated', async () => {
    const log = await open({ maxSizeMb: 1000 / 1_048_576, backupCount: 2 })
    log.write(5)
    renameSync(path, moved)
    writeFileSync(path, '')
    log.write(5)
    expect(messagesIn(moved, path)).toEqual(numbers(1, 10))
    expect(readdirSync(folder).toSorted()).toEqual(['some.log', 'some.moved'])
    await log.close()
  })

  it('loses no line when its folder is deleted and made again', async () => {
    const inner = join(folder, 'logs')
    mkdirSync(inner)
    path = join(inner, 'some.log')
    const log = await open({})
    log.write(1)
    vi.advanceTimersByTime(FOLLOW_MS)
    rmSync(inner, { recursive: true })
    log.write(2)
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(2)
    mkdirSync(inner)
    vi.advanceTimersByTime(RETRY_MS)
    expect(messagesIn(path)).toEqual(numbers(2, 5))
    await log.close()
  })

  it('lets lines wait while a file stands where its folder was', async () => {
    const inner = join(folder, 'logs')
    mkdirSync(inner)
    path = join(inner, 'some.log')
    const log = await open({})
    log.write(1)
    vi.advanceTimersByTime(FOLLOW_MS)
    rmSync(inner, { recursive: true })
    writeFileSync(inner, 'no folder')
    log.write(1)
    vi.advanceTimersByTime(FOLLOW_MS)
    const writtenBefore = log.written?.()
    log.write(2)
    expect(log.written?.()).toBe(writtenBefore)
    rmSync(inner)
    mkdirSync(inner)
    vi.advanceTimersByTime(RETRY_MS)
    expect(messagesIn(path)).toEqual(numbers(2, 4))
    await log.close()
  })

  it('continues to write to a moved file while its path cannot be opened', async () => {
    const log = await open({})
    log.write(1)
    renameSync(path, moved)
    mkdirSync(path)
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(2)
    expect(messagesIn(moved)).toEqual(numbers(1, 3))
    rmSync(path, { recursive: true })
    vi.advanceTimersByTime(FOLLOW_MS)
    log.write(1)
    expect(messagesIn(path)).toEqual(['no 4'])
    await log.close()
  })

  it('begins a new line after an incomplete one', async () => {
    writeFileSync(path, '{"message":"whole"}\n{"mess')
    const log = await open({})
    log.write(2)
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines[1]).toBe('{"mess')
    expect(lines.slice(2, 4).map((line) => JSON.parse(line).message)).toEqual(numbers(1, 2))
    await log.close()
  })
})

it('lines of a file that was deleted within the last second before close are copied too', async () => {
  const log = await auditLog({})
  log.write(1)
  unlinkSync(path)
  await log.close()
  expect(messagesIn(path)).toEqual(['no 1'])
})

it('app.scs.audit.reopen() opens the path again at once', async () => {
  const log = await auditLog({})
  log.write(1)
  renameSync(path, moved)
  log.reopen?.()
  expect(readFileSync(path, 'utf8')).toBe('')
  log.write(1)
  expect(messagesIn(moved, path)).toEqual(numbers(1, 2))
  expect(log.written?.()).toBe(2)
  await log.close()
})

it('when app.scs.audit.reopen() fails, the failure is logged and lines are still written', async () => {
  const { app, log } = await buildApp({ audit: { file: { path } } })
  app.scs.registerAuditEvent({ type: 'seen', level: 'info', messageTemplate: 'x' })
  renameSync(path, moved)
  mkdirSync(path)
  app.scs.audit.reopen()
  app.scs.addAuditEvent('seen')
  expect(messagesIn(moved)).toEqual(['x'])
  expect(log.filter((line) => line.level === 50)).toHaveLength(1)
  await app.close()
})

it('app.scs.audit.reopen() does nothing in an app without an audit file', async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  expect(() => app.scs.audit.reopen()).not.toThrow()
  await app.close()
})
