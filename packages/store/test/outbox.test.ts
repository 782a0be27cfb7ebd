import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sample, samples } from '../src/contract/index.js'
import type { StoreRecord } from '../src/index.js'
import { Outbox } from '../src/outbox.js'
import { ABANDONED_MS } from '../src/outbox-owner.js'
import { newFolder } from './build-store.js'

const HOST = hostname().replaceAll(/[^\w.-]/g, '_')
/** More than Linux hands out. */
const NO_PID = 2 ** 30

function newOutbox(maxBytes = 1e9): { folder: string; outbox: Outbox } {
  const folder = join(newFolder(), 'outbox')
  return { folder, outbox: new Outbox(folder, maxBytes) }
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
  const records = samples(20_000, (index) => ({ data: { index, body: 'é'.repeat(500) } }))
  for (let at = 0; at < records.length; at += 100) outbox.append(records.slice(at, at + 100), false)
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
  expect(readdirSync(folder)).toHaveLength(1)
  outbox.settle(other.segment, 1)
  outbox.tidy()
  expect(readdirSync(folder)).toHaveLength(0)
})

it('the folder and its files are the owner’s only', () => {
  const { folder, outbox } = newOutbox()
  outbox.append([sample()], false)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, readdirSync(folder)[0] ?? '')).mode & 0o777).toBe(0o600)
})

it('records beyond the bound are not taken', () => {
  const { outbox } = newOutbox(10_000)
  const record = sample({ data: { body: 'x'.repeat(1_000) } })
  let taken = 0
  while (outbox.append([record], false) !== undefined) taken++
  expect(taken).toBeGreaterThan(5)
  expect(taken).toBeLessThan(10)
  expect(outbox.bytes).toBeLessThanOrEqual(10_000)
})

it('a line that was torn by the end of a process is skipped, and so is one that is no record', () => {
  const { folder, outbox } = newOutbox()
  const records = samples(3, () => ({}))
  const lines = records.map((record) => JSON.stringify(record))
  mkdirSync(folder)
  const text = `${lines[0]}\n{"torn\n7\n${lines[1]}\n${lines[2]}\n${lines[0]?.slice(0, 40)}`
  writeFileSync(join(folder, `${HOST}~${NO_PID}~1~aa~00000000.ndjson`), text)
  outbox.adopt()
  expect(readAll(outbox)).toEqual(records)
  expect(outbox.torn).toBe(3)
  expect(readdirSync(folder)).toEqual([])
})

it('files of processes that are gone are taken over, oldest first; those of others stay', () => {
  const { folder, outbox } = newOutbox()
  mkdirSync(folder)
  const records = samples(5, () => ({}))
  const put = (name: string, index: number, ageMs: number): void => {
    const path = join(folder, name)
    writeFileSync(path, `${JSON.stringify(records[index])}\n`)
    const at = new Date(Date.now() - ageMs)
    utimesSync(path, at, at)
  }
  put(`${HOST}~${NO_PID}~1~aa~00000001.ndjson`, 1, 1_000)
  put(`${HOST}~${NO_PID}~1~aa~00000000.ndjson`, 0, 2_000)
  // An earlier life of a container, in which every process has the same id.
  put(`${HOST}~${process.pid}~1~aa~00000000.ndjson`, 2, 500)
  put('another-host~1~1~aa~00000000.ndjson', 3, ABANDONED_MS + 60_000)
  put('another-host~2~1~aa~00000000.ndjson', 4, 0)
  put(`${HOST}~${process.ppid}~1~aa~00000000.ndjson`, 4, 0)
  put('something-else.txt', 4, ABANDONED_MS * 2)
  outbox.adopt()
  expect(readAll(outbox)).toEqual([records[3], records[0], records[1], records[2]])
  expect(readdirSync(folder).sort()).toEqual(
    [
      `${HOST}~${process.ppid}~1~aa~00000000.ndjson`,
      'another-host~2~1~aa~00000000.ndjson',
      'something-else.txt',
    ].sort(),
  )
})

it('two outboxes of one process leave each other’s files alone', () => {
  const { folder, outbox } = newOutbox()
  outbox.append([sample()], false)
  const other = new Outbox(folder, 1e9)
  other.adopt()
  expect(other.hasUnread).toBe(false)
  expect(readAll(outbox)).toHaveLength(1)
})

it('records that the caller keeps in memory are not read, and stay in the file until they are settled', () => {
  const { folder, outbox } = newOutbox()
  const [inMemory, ...unread] = samples(3, () => ({}))
  const segment = outbox.append(inMemory === undefined ? [] : [inMemory], true)
  expect(outbox.hasUnread).toBe(false)
  outbox.append(unread, false)
  expect(readAll(outbox)).toEqual(unread)
  outbox.tidy()
  expect(readdirSync(folder)).toHaveLength(1)
  if (segment !== undefined) outbox.settle(segment, 1)
  outbox.tidy()
  expect(readdirSync(folder)).toHaveLength(0)
})

it('what a next start finds after a crash is what was not settled, and perhaps some that was', () => {
  const { folder, outbox } = newOutbox()
  const records = samples(10, () => ({}))
  outbox.append(records, true)
  // Without a close: as after kill -9. The name then says another process.
  const [name = ''] = readdirSync(folder)
  appendFileSync(join(folder, name), '{"half')
  renameSync(join(folder, name), join(folder, `${HOST}~${NO_PID}~1~aa~00000000.ndjson`))
  const next = new Outbox(folder, 1e9)
  next.adopt()
  expect(readAll(next)).toEqual(records)
})
