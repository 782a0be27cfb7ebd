import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { narrowToOwner, openOwnedFile, refuseForeignLink } from '@fastify-scs/core/kit'
import { afterEach, beforeEach, expect, it } from 'vitest'

const SOMEBODY_ELSE = 65_534

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-owned-'))
  path = join(folder, 'file.log')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}

it('a new file is its owner’s only, whatever the umask', () => {
  const before = process.umask(0)
  try {
    closeSync(openOwnedFile(path).fd)
  } finally {
    process.umask(before)
  }
  expect(modeOf(path)).toBe(0o600)
})

it.each([0o666, 0o644, 0o640, 0o604])(
  'a file of ours with the mode %o is narrowed, and that is told',
  (mode) => {
    writeFileSync(path, 'kept\n')
    chmodSync(path, mode)
    const { fd, narrowedFrom } = openOwnedFile(path)
    closeSync(fd)
    expect(narrowedFrom).toBe(mode)
    expect(modeOf(path)).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe('kept\n')
  },
)

it('a folder of ours is narrowed to 0700, one that is narrow already is left alone', () => {
  chmodSync(folder, 0o755)
  expect(narrowToOwner(folder)).toBe(0o755)
  expect(modeOf(folder)).toBe(0o700)
  expect(narrowToOwner(folder)).toBeUndefined()
  expect(narrowToOwner(join(folder, 'missing'))).toBeUndefined()
})

it.skipIf(process.geteuid?.() !== 0)('a file of somebody else keeps its mode', () => {
  writeFileSync(path, '')
  chmodSync(path, 0o664)
  chownSync(path, SOMEBODY_ELSE, SOMEBODY_ELSE)
  const { fd, narrowedFrom } = openOwnedFile(path)
  closeSync(fd)
  expect([narrowedFrom, narrowToOwner(path), modeOf(path)]).toEqual([undefined, undefined, 0o664])
})

it('a device is opened as it is', () => {
  const before = modeOf('/dev/null')
  closeSync(openOwnedFile('/dev/null').fd)
  expect(modeOf('/dev/null')).toBe(before)
})

it('a link to a regular file of ours is followed', () => {
  writeFileSync(join(folder, 'target'), 'a\n', { mode: 0o600 })
  symlinkSync('target', path)
  const { fd } = openOwnedFile(path)
  writeSync(fd, 'b\n')
  closeSync(fd)
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('a\nb\n')
})

it.each<[string, () => void]>([
  ['a device', () => symlinkSync('/dev/null', path)],
  ['a folder', () => symlinkSync(folder, path)],
  ['nothing, which would create its target', () => symlinkSync(join(folder, 'made'), path)],
  ['itself', () => symlinkSync(path, path)],
])('a link to %s is refused', (_what, link) => {
  link()
  expect(() => openOwnedFile(path)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(SCS_ERR_SYMBOLIC_LINK|ELOOP)$/) }),
  )
  expect(existsSync(join(folder, 'made'))).toBe(false)
})

it.skipIf(process.geteuid?.() !== 0)('a link to a file of somebody else is refused', () => {
  const target = join(folder, 'theirs')
  writeFileSync(target, '')
  chownSync(target, SOMEBODY_ELSE, SOMEBODY_ELSE)
  symlinkSync(target, path)
  const refusal = expect.objectContaining({ code: 'SCS_ERR_SYMBOLIC_LINK' })
  expect(() => openOwnedFile(path)).toThrow(refusal)
  expect(() => refuseForeignLink(path)).toThrow(refusal)
})

it('a folder may be a link to a folder of ours, and a path where nothing is may be used', () => {
  const link = join(folder, 'link')
  mkdirSync(join(folder, 'real'))
  symlinkSync('real', link)
  expect(() => refuseForeignLink(link, 'folder')).not.toThrow()
  expect(() => refuseForeignLink(link)).toThrow(/is not a regular file of this user/)
  expect(() => refuseForeignLink(path)).not.toThrow()
})

it.each([
  ['', false],
  ['whole\n', false],
  ['whole\nto', true],
])('a file that holds %j is torn: %s', (text, isTorn) => {
  writeFileSync(path, text)
  const file = openOwnedFile(path)
  closeSync(file.fd)
  expect(file.isTorn).toBe(isTorn)
})
