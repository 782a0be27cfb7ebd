import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  ABANDONED_MS,
  ownedName,
  type ProcessIdentity,
  socketLocks,
  thisProcess,
} from '@fastify-scs/core/kit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { Outbox } from '../../src/outbox/outbox.js'
import { filesIn, newFolder } from '../build-store.js'

/** More than Linux hands out. */
const NO_PID = 2 ** 30
const SELF = thisProcess()
const GONE: ProcessIdentity = { ...SELF, pid: NO_PID, startedAt: '1' }

function newOutbox(maxBytes = 1e9): { folder: string; outbox: Outbox } {
  const folder = join(newFolder(), 'outbox')
  return { folder, outbox: new Outbox(folder, maxBytes) }
}

/** Puts a file with one record into an outbox. */
function put(folder: string, name: string, record: StoreRecord | undefined, ageMs: number): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, `${JSON.stringify(record)}\n`)
  const at = new Date(Date.now() - ageMs)
  utimesSync(path, at, at)
}

function readAll(outbox: Outbox): StoreRecord[] {
  const all: StoreRecord[] = []
  for (let batch = outbox.read(7); batch !== undefined; batch = outbox.read(7)) {
    all.push(...batch.records)
    outbox.settle(batch.segment, batch.records.length)
  }
  return all
}

it('records come back as they were, in order, and their files go when all is settled', () => {
  const { folder, outbox } = newOutbox()
  const records = samples(400, (index) => ({ data: { index, body: 'é'.repeat(15_000) } }))
  for (let at = 0; at < records.length; at += 10) outbox.append(records.slice(at, at + 10), false)
  expect(readdirSync(folder).length).toBeGreaterThan(2)
  expect(readAll(outbox)).toEqual(records)
  expect(outbox.hasUnread).toBe(false)
  outbox.tidy()
  expect(readdirSync(folder)).toEqual([])
  outbox.close()
  expect(existsSync(folder)).toBe(false)
})

it('a file stays until everything that was read from it is settled', () => {
  const { folder, outbox } = newOutbox()
  outbox.append(
    samples(2, () => ({})),
    false,
  )
  const one = outbox.read(1)
  const other = outbox.read(1)
  if (one === undefined || other === undefined) throw new Error('nothing was read')
  outbox.settle(one.segment, 1)
  outbox.tidy()
  expect(filesIn(folder)).toHaveLength(1)
  outbox.settle(other.segment, 1)
  outbox.tidy()
  expect(readdirSync(folder)).toHaveLength(0)
})

it('the folder and its files are the owner’s only', () => {
  const { folder, outbox } = newOutbox()
  outbox.append([sample()], false)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, filesIn(folder)[0] ?? '')).mode & 0o777).toBe(0o600)
})

it('records beyond its size limit are refused', () => {
  const { outbox } = newOutbox(10_000)
  const record = sample({ data: { body: 'x'.repeat(1_000) } })
  let taken = 0
  while (outbox.append([record], false) !== undefined) taken++
  expect(taken).toBeGreaterThan(5)
  expect(taken).toBeLessThan(10)
  expect(outbox.bytes).toBeLessThanOrEqual(10_000)
})

it('a line that was torn by the end of a process is skipped, and so is one that is no record', async () => {
  const { folder, outbox } = newOutbox()
  const records = samples(3, () => ({}))
  const lines = records.map((record) => JSON.stringify(record))
  mkdirSync(folder)
  const text = `${lines[0]}\n{"torn\n7\n${lines[1]}\n${lines[2]}\n${lines[0]?.slice(0, 40)}`
  writeFileSync(join(folder, ownedName(GONE, 'aa', 0)), text)
  await outbox.adopt()
  expect(readAll(outbox)).toEqual(records)
  expect(outbox.torn).toBe(3)
  expect(readdirSync(folder)).toEqual([])
})

it('files of processes that are gone are taken over, oldest first; those of others stay', async () => {
  const { folder, outbox } = newOutbox()
  const records = samples(7, () => ({}))
  const elsewhere = { ...SELF, host: 'another-host', kernel: 'abc', pidSpace: 'abc', pid: 1 }
  const parent = { ...SELF, pid: process.ppid, startedAt: startOf(process.ppid) }
  const staying = [
    ownedName({ ...elsewhere, pid: 2 }, 'ab', 0),
    ownedName(parent, 'ac', 0),
    'something-else.txt',
    // Of an earlier version of this package.
    'another-host~1~1~ae~00000000.ndjson',
  ]
  put(folder, ownedName(GONE, 'aa', 1), records[1], 1_000)
  put(folder, ownedName(GONE, 'aa', 0), records[0], 2_000)
  // An earlier life of a container, in which every process has the same id.
  put(folder, ownedName({ ...SELF, startedAt: '1' }, 'aa', 0), records[2], 500)
  put(folder, ownedName(elsewhere, 'aa', 0), records[3], ABANDONED_MS + 60_000)
  put(folder, 'another-host~1~1~af~00000000.ndjson', records[4], ABANDONED_MS + 50_000)
  // Given up by its owner.
  put(folder, ownedName(undefined, 'ad', 0), records[5], 100)
  for (const name of staying) put(folder, name, records[6], name.includes('else') ? 1e7 : 0)
  expect(await outbox.adopt()).toBe(true)
  expect(readAll(outbox)).toEqual([3, 4, 0, 1, 2, 5].map((index) => records[index]))
  expect(readdirSync(folder).sort()).toEqual(staying.sort())
  expect(await outbox.adopt()).toBe(false)
})

it('two outboxes of one process leave each other’s files alone', async () => {
  const { folder, outbox } = newOutbox()
  outbox.append([sample()], false)
  const other = new Outbox(folder, 1e9)
  await other.adopt()
  expect(other.hasUnread).toBe(false)
  expect(readAll(outbox)).toHaveLength(1)
})

it('what an outbox leaves when it is closed is for the next one, in the same process too', async () => {
  const { folder, outbox } = newOutbox()
  const records = samples(3, () => ({}))
  outbox.append(records, false)
  outbox.close()
  expect(readdirSync(folder)).toHaveLength(1)
  const next = new Outbox(folder, 1e9)
  expect(await next.adopt()).toBe(true)
  expect(readAll(next)).toEqual(records)
  expect(readdirSync(folder)).toEqual([])
})

describe('a folder that was there', () => {
  it('that others can read is narrowed, with its files, and that is logged', async () => {
    const log: string[] = []
    const told = (_: object, message: string) => void log.push(message)
    const folder = join(newFolder(), 'outbox')
    const outbox = new Outbox(folder, 1e9, { error: told, warn: told })
    const name = ownedName(GONE, 'aa', 0)
    put(folder, name, sample(), 0)
    chmodSync(folder, 0o755)
    chmodSync(join(folder, name), 0o644)
    await outbox.adopt()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, filesIn(folder)[0] ?? '')).mode & 0o777).toBe(0o600)
    expect(log).toEqual([expect.stringContaining('0755'), expect.stringContaining('0644')])
  })

  it('may be a link to a folder of ours, and to nothing else', async () => {
    const target = newFolder()
    const link = join(newFolder(), 'outbox')
    symlinkSync(target, link)
    const outbox = new Outbox(link, 1e9)
    outbox.append([sample()], false)
    expect(filesIn(target)).toHaveLength(1)
    for (const foreign of ['/etc/hostname', '/nowhere', join(target, filesIn(target)[0] ?? '')]) {
      const bad = join(newFolder(), 'outbox')
      symlinkSync(foreign, bad)
      const refused = new Outbox(bad, 1e9)
      expect(() => refused.append([sample()], false)).toThrow('link')
      await expect(refused.adopt()).rejects.toMatchObject({ code: 'SCS_ERR_SYMBOLIC_LINK' })
    }
  })

  it('with a link in the place of a file is not read through it', async () => {
    const { folder, outbox } = newOutbox()
    const secret = join(newFolder(), 'secret')
    writeFileSync(secret, `${JSON.stringify(sample())}\n`)
    mkdirSync(folder, { mode: 0o700 })
    symlinkSync(secret, join(folder, ownedName(undefined, 'aa', 0)))
    expect(await outbox.adopt()).toBe(false)
    expect(statSync(secret).size).toBeGreaterThan(0)
  })
})

describe('who owns a file', () => {
  /** Two containers of one machine: the same name of the host, and both are process 1. */
  const containers = ['abc', 'def'].map((pidSpace) => {
    return { ...SELF, host: 'orders', pidSpace, pid: 1, startedAt: '77' }
  })
  const noLocks = { ...socketLocks, hold: () => undefined }

  it.each([
    ['by its lock', socketLocks],
    ['by its signs of life where there is no lock', noLocks],
  ])(
    'one of two containers that look the same leaves the other’s files alone, %s',
    async (_, locks) => {
      const folder = join(newFolder(), 'outbox')
      const [one, other] = containers.map((identity) => {
        return new Outbox(folder, 1e9, undefined, { identity, locks })
      })
      one?.append([sample()], false)
      expect(await other?.adopt()).toBe(false)
      expect(readAll(one as Outbox)).toHaveLength(1)
    },
  )

  it('a lock decides, however long a file was not touched', async () => {
    const folder = join(newFolder(), 'outbox')
    const [one, other] = containers.map((identity) => {
      return new Outbox(folder, 1e9, undefined, { identity })
    })
    one?.append([sample()], false)
    const old = new Date(Date.now() - ABANDONED_MS * 10)
    for (const name of filesIn(folder)) utimesSync(join(folder, name), old, old)
    expect(await other?.adopt()).toBe(false)
    for (const name of readdirSync(folder)) if (name.endsWith('.lock')) rmSync(join(folder, name))
    one?.touch()
    expect(readdirSync(folder)).toHaveLength(2)
    const [name = ''] = filesIn(folder)
    expect(statSync(join(folder, name)).mtimeMs).toBeGreaterThan(old.getTime())
  })

  it('a lock works in a folder whose path is longer than a socket may have', async () => {
    const folder = join(newFolder(), 'x'.repeat(120), 'outbox')
    const outbox = new Outbox(folder, 1e9)
    outbox.append([sample()], false)
    const [lock = ''] = readdirSync(folder).filter((name) => name.endsWith('.lock'))
    const state = process.platform === 'linux' ? 'held' : 'absent'
    expect(await socketLocks.look(join(folder, lock))).toBe(state)
    outbox.close()
    expect(await socketLocks.look(join(folder, lock))).toBe('absent')
  })

  it('without a lock, the files of a process of the same container that runs are its own, however old', async () => {
    const { folder, outbox } = newOutbox()
    const parent = { ...SELF, pid: process.ppid, startedAt: startOf(process.ppid) }
    put(folder, ownedName(parent, 'aa', 0), sample(), ABANDONED_MS * 10)
    expect(await outbox.adopt()).toBe(false)
  })

  it('a lock that a dead process has left is removed with its files, and that of a living one stays', async () => {
    const { folder, outbox } = newOutbox()
    outbox.append([sample()], false)
    const died = spawnSync(process.execPath, ['-e', LISTEN_AND_DIE, folder, SELF.kernel])
    expect(died.signal).toBe('SIGKILL')
    put(folder, ownedName(GONE, 'dead', 0), sample(), 0)
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toHaveLength(2)
    const other = new Outbox(folder, 1e9)
    expect(await other.adopt()).toBe(true)
    const locks = readdirSync(folder).filter((name) => name.endsWith('.lock'))
    expect(locks).not.toContain(`${SELF.kernel}~dead.lock`)
    expect(locks).toHaveLength(2)
  })
})

/** It looks for its file once a second. */
const LOOK_MS = 1_000

describe('a file that goes away while it is used', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is logged, and later records go to another file', async () => {
    const log: string[] = []
    const folder = join(newFolder(), 'outbox')
    const tell = (_: object, message: string) => void log.push(message)
    const told = { error: tell, warn: tell }
    const outbox = new Outbox(folder, 1e9, told)
    const records = samples(3, () => ({}))
    outbox.append(records.slice(0, 1), false)
    for (const name of filesIn(folder)) rmSync(join(folder, name))
    vi.advanceTimersByTime(LOOK_MS)
    outbox.append(records.slice(1, 2), false)
    outbox.append(records.slice(2), false)
    expect(log).toEqual([expect.stringContaining('deleted')])
    const text = filesIn(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(text.join('')).toContain(records[2]?.id)
    // Its descriptor still has the first one.
    expect(readAll(outbox)).toEqual(records)
  })

  it('with its folder is made again, with a lock', async () => {
    const { folder, outbox } = newOutbox()
    outbox.append([sample()], false)
    rmSync(folder, { recursive: true })
    vi.advanceTimersByTime(LOOK_MS)
    outbox.append([sample()], false)
    expect(filesIn(folder)).toHaveLength(1)
    const [lock = ''] = readdirSync(folder).filter((name) => name.endsWith('.lock'))
    expect(await socketLocks.look(join(folder, lock))).toBe('held')
    expect(readAll(outbox)).toHaveLength(2)
    outbox.tidy()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is written again at the end', async () => {
    const { folder, outbox } = newOutbox()
    const records = samples(3, () => ({}))
    outbox.append(records, false)
    for (const name of filesIn(folder)) rmSync(join(folder, name))
    outbox.close()
    const next = new Outbox(folder, 1e9)
    await next.adopt()
    expect(readAll(next)).toEqual(records)
  })
})

it('records that the caller keeps in memory are not read, and stay in the file until they are settled', () => {
  const { folder, outbox } = newOutbox()
  const [inMemory, ...unread] = samples(3, () => ({}))
  const segment = outbox.append(inMemory === undefined ? [] : [inMemory], true)
  expect(outbox.hasUnread).toBe(false)
  outbox.append(unread, false)
  expect(readAll(outbox)).toEqual(unread)
  outbox.tidy()
  expect(filesIn(folder)).toHaveLength(1)
  if (segment !== undefined) outbox.settle(segment, 1)
  outbox.tidy()
  expect(readdirSync(folder)).toHaveLength(0)
})

it('what a next start finds after a crash is what was not settled, and perhaps some that was', async () => {
  const { folder, outbox } = newOutbox()
  const records = samples(10, () => ({}))
  outbox.append(records, true)
  // Without a close: as after kill -9. The name then says another process.
  const [name = ''] = filesIn(folder)
  appendFileSync(join(folder, name), '{"half')
  renameSync(join(folder, name), join(folder, ownedName(GONE, 'aa', 0)))
  const next = new Outbox(folder, 1e9)
  await next.adopt()
  expect(readAll(next)).toEqual(records)
})

/** As a process that is killed while it holds a lock. */
const LISTEN_AND_DIE = `
  const [folder, kernel] = process.argv.slice(1)
  require('node:net').createServer().listen(folder + '/' + kernel + '~dead.lock', () => process.kill(process.pid, 'SIGKILL'))`

/** When a process began, as a file's name says it. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return ''
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
