import { spawnSync } from 'node:child_process'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownedName, thisProcess } from '@fastify-scs/core/kit'
import { expect, it, onTestFinished } from 'vitest'
import { FORMAT, HangFile } from '../../src/blocked/hang-file.js'
import { takeLeftBlocks } from '../../src/blocked/left-behind.js'
import { sample } from './samples.js'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-left-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The name of a file of a process of this machine that is gone. */
function nameOfDead(number: number): string {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  return ownedName({ ...thisProcess(), pid, startedAt: '1' }, 'abcdef', number)
}

const FIRST = { format: FORMAT, service: 'orders', since: 1_000, limitMs: 400 }
const SAMPLE = { format: FORMAT, service: 'orders', sample: sample(['work:3'], { atMs: 900 }) }
const text = (...lines: unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

async function take(folder: string) {
  const refused: string[] = []
  const left = await takeLeftBlocks(folder, 'orders', (_path, why) => refused.push(why))
  return { left, refused }
}

it('what a dead process has left is taken once; a torn last line is left out', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, nameOfDead(1)), `${text(FIRST, SAMPLE)}{"format":1,"sam`)
  const [one, other] = await Promise.all([take(folder), take(folder)])
  expect([...one.left, ...other.left]).toEqual([
    {
      block: { since: 1_000, blockedMs: 900, cpuMs: null, samples: [SAMPLE.sample] },
      limitMs: 400,
    },
  ])
  expect([...one.refused, ...other.refused]).toEqual([])
})

it('a file with nothing but its first line tells that the loop was blocked', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, nameOfDead(1)), text(FIRST))
  expect((await take(folder)).left).toMatchObject([{ block: { blockedMs: 400, samples: [] } }])
})

it('a file that is not what it should be is refused, removed, and named in the log', async () => {
  const contents: readonly [string, string][] = [
    ['', 'its first line cannot be read'],
    ['garbage\n', 'its first line cannot be read'],
    [text({ ...FIRST, format: 2 }), 'its first line cannot be read'],
    [text({ ...FIRST, since: 'now' }), 'its first line cannot be read'],
    [text({ ...FIRST, service: 'billing' }), 'it is of the service billing'],
    [
      text(FIRST, { format: FORMAT, service: 'orders', sample: 5 }),
      'one of its lines cannot be read',
    ],
    [text(FIRST) + 'x'.repeat(2_000_000), '1048576 at most'],
  ]
  for (const [content, why] of contents) {
    const folder = newFolder()
    writeFileSync(join(folder, nameOfDead(1)), content)
    const { left, refused } = await take(folder)
    expect(left, why).toEqual([])
    expect(refused).toEqual([expect.stringContaining(why)])
  }
})

it('links and files with other names are left alone', async () => {
  const folder = newFolder()
  const target = join(newFolder(), 'target')
  writeFileSync(target, text(FIRST))
  symlinkSync(target, join(folder, nameOfDead(1)))
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  expect(await take(folder)).toEqual({ left: [], refused: [] })
  expect(readdirSync(folder)).toHaveLength(2)
})

it.skipIf(process.geteuid?.() !== 0)("another user's file and folder are refused", async () => {
  const folder = newFolder()
  const file = join(folder, nameOfDead(1))
  writeFileSync(file, text(FIRST))
  chownSync(file, 12_345, 12_345)
  expect((await take(folder)).refused).toEqual(['it belongs to another user'])
  mkdirSync(folder, { recursive: true })
  chownSync(folder, 12_345, 12_345)
  await expect(take(folder)).rejects.toThrow('belongs to another user')
})

it('the file of a living process is not taken, and is gone when that goes on', async () => {
  const folder = join(newFolder(), 'left')
  const file = new HangFile(folder, 'orders')
  file.write({ since: 1_000, limitMs: 400 })
  expect(await take(folder)).toEqual({ left: [], refused: [] })
  // The lock shows processes of other containers that it lives.
  expect(
    readdirSync(folder)
      .map((name) => name.split('.').at(-1))
      .sort(),
  ).toEqual(['lock', 'ndjson'])
  file.remove()
  expect(() => readdirSync(folder)).toThrow('ENOENT')
  // And may hang again.
  file.write({ since: 2_000, limitMs: 400 })
  file.remove()
})

it('a folder that is missing has nothing, and one that is a foreign link is refused', async () => {
  const folder = newFolder()
  expect(await take(join(folder, 'missing'))).toEqual({ left: [], refused: [] })
  mkdirSync(join(folder, 'gone'))
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
  await expect(take(join(folder, 'link'))).rejects.toThrow('symbolic link')
})
