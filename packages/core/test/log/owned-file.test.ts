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

it('only the owner has access to a new file, whatever the umask is', () => {
  const before = process.umask(0)
  try {
    closeSync(openOwnedFile(path).fd)
  } finally {
    process.umask(before)
  }
  expect(modeOf(path)).toBe(0o600)
})

it.each([0o666, 0o644, 0o640, 0o604])(
  'the access of others to a file of this user with the mode %o is removed, and the old mode is returned',
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

it('a folder of this user gets the mode 0700, unless others have no access to it', () => {
  chmodSync(folder, 0o755)
  expect(narrowToOwner(folder)).toBe(0o755)
  expect(modeOf(folder)).toBe(0o700)
  expect(narrowToOwner(folder)).toBeUndefined()
  expect(narrowToOwner(join(folder, 'missing'))).toBeUndefined()
})

it.skipIf(process.geteuid?.() !== 0)('a file of another user keeps its mode', () => {
  writeFileSync(path, '')
  chmodSync(path, 0o664)
  chownSync(path, SOMEBODY_ELSE, SOMEBODY_ELSE)
  const { fd, narrowedFrom } = openOwnedFile(path)
  closeSync(fd)
  expect([narrowedFrom, narrowToOwner(path), modeOf(path)]).toEqual([undefined, undefined, 0o664])
})

it('a device is opened without a change of its mode', () => {
  const before = modeOf('/dev/null')
  closeSync(openOwnedFile('/dev/null').fd)
  expect(modeOf('/dev/null')).toBe(before)
})

it('a link to a regular file of this user is followed', () => {
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

it.skipIf(process.geteuid?.() !== 0)('a link to a file of another user is refused', () => {
  const target = join(folder, 'theirs')
  writeFileSync(target, '')
  chownSync(target, SOMEBODY_ELSE, SOMEBODY_ELSE)
  symlinkSync(target, path)
  const refusal = expect.objectContaining({ code: 'SCS_ERR_SYMBOLIC_LINK' })
  expect(() => openOwnedFile(path)).toThrow(refusal)
  expect(() => refuseForeignLink(path)).toThrow(refusal)
})

it('refuseForeignLink accepts a link to a folder of this user and a missing path', () => {
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
])('whether the last line of a file with %j is incomplete: %s', (text, isTorn) => {
  writeFileSync(path, text)
  const file = openOwnedFile(path)
  closeSync(file.fd)
  expect(file.isTorn).toBe(isTorn)
})
