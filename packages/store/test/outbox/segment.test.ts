import {
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { OutboxSegment } from '../../src/outbox/segment.js'
import { newFolder } from '../build-store.js'

it('what is written behind an incomplete line is read back whole', () => {
  const path = join(newFolder(), 'records.ndjson')
  const [before, after] = [sample(), sample()]
  writeFileSync(path, `${JSON.stringify(before)}\n{"kind":"rep`, { mode: 0o600 })
  const segment = new OutboxSegment(path)
  segment.append(`${JSON.stringify(after)}\n`, 1, false)
  expect(segment.read(10)).toEqual([before, after])
  expect(segment.torn).toBe(1)
  segment.remove()
})

function newSegment(): OutboxSegment {
  return new OutboxSegment(join(newFolder(), 'records.ndjson'))
}

function linesOf(records: readonly StoreRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

it('records are read in parts, in order, and each once', () => {
  const segment = newSegment()
  const records = samples(5, (index) => ({ data: { index } }))
  segment.append(linesOf(records), 5, false)
  const parts = [1, 3, 9, 9].map((max) => {
    const read = segment.read(max)
    return [read, segment.hasUnread, segment.unreadRecords]
  })
  expect(parts).toEqual([
    [records.slice(0, 1), true, 4],
    [records.slice(1, 4), true, 1],
    [records.slice(4), false, 0],
    [[], false, 0],
  ])
  expect(segment.torn).toBe(0)
})

it('lines that are longer than what is read at once are read whole, and so is what is behind them', () => {
  const segment = newSegment()
  // What is read at once are 256 kB, then four times as much.
  const sizes = [10, 300_000, 10, 262_144, 3_000_000, 10]
  const records = sizes.map((size) => sample({ data: { body: 'x'.repeat(size) } }))
  segment.append(linesOf(records), sizes.length, false)
  expect(segment.read(2).concat(segment.read(9))).toEqual(records)
  expect([segment.torn, segment.hasUnread]).toEqual([0, false])
})

it('is done when all that was read and all that the caller keeps is settled', () => {
  const segment = newSegment()
  expect([segment.isDone, segment.bytes]).toEqual([true, 0])
  const records = samples(3, () => ({}))
  segment.append(linesOf(records.slice(0, 2)), 2, true)
  expect([segment.hasUnread, segment.unreadRecords, segment.isDone]).toEqual([false, 0, false])
  segment.append(linesOf(records.slice(2)), 1, false)
  expect([segment.hasUnread, segment.unreadRecords, segment.isDone]).toEqual([true, 1, false])
  expect(segment.bytes).toBe(statSync(segment.path).size)
  expect(segment.read(9)).toEqual(records.slice(2))
  const done = [1, 2].map((count) => {
    segment.settle(count)
    return segment.isDone
  })
  expect(done).toEqual([false, true])
})

it('what is to be read is read, though the caller keeps what is written behind it', () => {
  const segment = newSegment()
  const [first, second] = [sample(), sample()]
  segment.append(linesOf([first]), 1, false)
  segment.append(linesOf([second]), 1, true)
  expect(segment.read(1)).toEqual([first])
})

it('is not done before what is in the file is read, whatever is settled', () => {
  const segment = newSegment()
  segment.append(linesOf([sample()]), 1, false)
  expect(segment.isDone).toBe(false)
})

it('what a file has that was there is read, and not counted as written by this process', () => {
  const path = join(newFolder(), 'records.ndjson')
  const [there, added] = [sample(), sample()]
  writeFileSync(path, linesOf([there]), { mode: 0o600 })
  const segment = new OutboxSegment(path)
  expect([segment.hasUnread, segment.unreadRecords]).toEqual([true, 0])
  segment.append(linesOf([added]), 1, false)
  expect(segment.unreadRecords).toBe(1)
  expect([segment.read(1), segment.unreadRecords]).toEqual([[there], 0])
  expect(segment.read(9)).toEqual([added])
})

const noRecords = ['text', '7', 'null', '"{}"', '{"kind":', '']

it.each(noRecords)('the line %j is no record: it is skipped and counted', (line) => {
  const segment = newSegment()
  const [before, after] = [sample(), sample()]
  segment.append(`${linesOf([before])}${line}\n${linesOf([after])}`, 2, false)
  expect(segment.read(9)).toEqual([before, after])
  expect(segment.torn).toBe(1)
})

it('a file that ends within its only line has no record', () => {
  const path = join(newFolder(), 'records.ndjson')
  writeFileSync(path, '{"kind":"rep', { mode: 0o600 })
  const segment = new OutboxSegment(path)
  expect([segment.read(9), segment.torn, segment.hasUnread]).toEqual([[], 1, false])
})

it('a file that became shorter ends where it ends', () => {
  const segment = newSegment()
  const records = samples(2, () => ({}))
  segment.append(linesOf(records), 2, false)
  truncateSync(segment.path, linesOf(records.slice(0, 1)).length)
  expect([segment.read(9), segment.hasUnread]).toEqual([records.slice(0, 1), false])
  expect(segment.bytes).toBe(statSync(segment.path).size)
})

it('is in its place until it is deleted, or another file is there', () => {
  const segment = newSegment()
  const seen = [segment.isInPlace()]
  renameSync(segment.path, `${segment.path}.moved`)
  seen.push(segment.isInPlace())
  writeFileSync(segment.path, '')
  seen.push(segment.isInPlace())
  expect(seen).toEqual([true, false, false])
})

it('is touched, closed, opened again by the next write, and removed at last', () => {
  const segment = newSegment()
  utimesSync(segment.path, 1, 1)
  segment.touch()
  const { atimeMs, mtimeMs } = statSync(segment.path)
  expect(Math.min(atimeMs, mtimeMs)).toBeGreaterThan(Date.now() - 60_000)
  segment.close()
  segment.close()
  const record = sample()
  segment.append(linesOf([record]), 1, false)
  expect(readFileSync(segment.path, 'utf8')).toBe(linesOf([record]))
  segment.remove()
  expect(existsSync(segment.path)).toBe(false)
  // It may be gone already.
  segment.remove()
})
