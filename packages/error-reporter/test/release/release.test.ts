import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { gitCommit } from '../../src/release/git-commit.js'
import { packageVersion } from '../../src/release/package-version.js'
import { runningRelease } from '../../src/release/running-release.js'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'release-')))
  const path = folder
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
})

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function at(name: string): string {
  mkdirSync(join(folder, name), { recursive: true })
  return join(folder, name)
}

describe('the version of the application', () => {
  it('is that of the package.json in its root, or the nearest one above it', () => {
    write('package.json', '{"name":"a","version":"1.2.3"}')
    write('packages/b/package.json', '{"name":"b","version":"2.0.0"}')
    expect(packageVersion(folder)).toBe('1.2.3')
    expect(packageVersion(at('dist/src'))).toBe('1.2.3')
    expect(packageVersion(at('packages/b/dist'))).toBe('2.0.0')
  })

  it('is not looked for in a package.json that only tells the type of its modules', () => {
    write('package.json', '{"name":"a","version":"1.2.3"}')
    write('dist/package.json', '{"type":"module"}')
    expect(packageVersion(at('dist'))).toBe('1.2.3')
  })

  it.each([
    '{"name":"a"}',
    '{"name":"a","version":"0.0.0"}',
    '{"name":"a","version":"0.0.0-development"}',
    '{"name":"a","version":""}',
    '{"name":"a","version":7}',
  ])('is unknown with %s, also if one above has a version', (text) => {
    write('package.json', '{"name":"all","version":"1.2.3"}')
    write('a/package.json', text)
    expect(packageVersion(at('a'))).toBeNull()
  })

  it('is unknown where the file is broken, too long or no regular file', () => {
    for (const text of [
      '{',
      '[]',
      'null',
      `{"name":"a","version":"1.0.0"${' '.repeat(1_048_576)}}`,
    ]) {
      write('package.json', text)
      expect(packageVersion(folder)).toBeNull()
    }
    rmSync(join(folder, 'package.json'))
    execFileSync('mkfifo', [join(folder, 'package.json')])
    expect(packageVersion(folder)).toBeNull()
  })
})

describe('the commit', () => {
  const HASH = 'a'.repeat(40)
  const OTHER = 'b'.repeat(40)

  it('is that of the branch, in a folder of the repository too', () => {
    write('.git/HEAD', 'ref: refs/heads/feature/one\n')
    write('.git/refs/heads/feature/one', `${HASH}\n`)
    write('.git/packed-refs', `${OTHER} refs/heads/feature/one\n`)
    expect(gitCommit(folder)).toBe(HASH)
    expect(gitCommit(at('packages/b'))).toBe(HASH)
  })

  it('is that of a branch that is packed, or of none', () => {
    write('.git/HEAD', 'ref: refs/heads/main\n')
    const packed = `# pack-refs with: peeled\n${OTHER} refs/heads/a/refs/heads/main\n${HASH} refs/heads/main\n`
    write('.git/packed-refs', `${packed}^${OTHER}\n`)
    expect(gitCommit(folder)).toBe(HASH)
    write('.git/HEAD', `${OTHER}\n`)
    expect(gitCommit(folder)).toBe(OTHER)
  })

  it.each([
    ['a path that leads out of the repository', 'ref: refs/heads/../../../outside\n'],
    ['a branch that does not exist', 'ref: refs/heads/none\n'],
    ['another format', 'ref: refs/heads/.invalid\n'],
    ['no name', 'something\n'],
    ['too much', 'a'.repeat(5_000)],
  ])('is unknown where HEAD has %s', (_what, head) => {
    write('.git/HEAD', head)
    write('outside', HASH)
    expect(gitCommit(folder)).toBeNull()
  })

  it('is unknown without a repository, and does not wait for a pipe', () => {
    expect(gitCommit(folder)).toBeNull()
    at('.git')
    execFileSync('mkfifo', [join(folder, '.git', 'HEAD')])
    expect(gitCommit(folder)).toBeNull()
  })

  it.runIf(hasGit())('is what git says, of a repository and of a worktree', () => {
    const git = (...command: readonly string[]): string =>
      execFileSync('git', ['-C', folder, ...command], { encoding: 'utf8', env: GIT_ENV }).trim()
    git('init', '--quiet', 'repository')
    const inside = ['-C', 'repository'] as const
    git(...inside, 'commit', '--quiet', '--allow-empty', '-m', 'one')
    git(...inside, 'worktree', 'add', '--quiet', '-b', 'other', '../worktree')
    git('-C', 'worktree', 'commit', '--quiet', '--allow-empty', '-m', 'two')
    const first = git(...inside, 'rev-parse', 'HEAD')
    const second = git('-C', 'worktree', 'rev-parse', 'HEAD')
    expect(first).not.toBe(second)
    expect(gitCommit(join(folder, 'repository'))).toBe(first)
    expect(gitCommit(join(folder, 'worktree'))).toBe(second)
    git(...inside, 'pack-refs', '--all')
    expect(gitCommit(join(folder, 'repository'))).toBe(first)
    expect(gitCommit(join(folder, 'worktree'))).toBe(second)
    symlinkSync('repository', join(folder, 'link'))
    expect(gitCommit(join(folder, 'link'))).toBe(first)
  })
})

describe('what names the release', () => {
  const nothing = { apiVersion: null, commit: null }
  const noRelease = { ...nothing, namedRelease: null }

  it('is the option, else the environment, else the files of the application', () => {
    write('package.json', '{"name":"a","version":"1.2.3"}')
    write('.git/HEAD', 'c'.repeat(40))
    const env = { SCS_RELEASE: ' r7 ', SCS_COMMIT: 'abc' }
    const options = { apiVersion: '9.9.9', commit: 'def' }
    expect(runningRelease(options, folder, env)).toEqual({ ...options, namedRelease: '9.9.9' })
    expect(runningRelease(nothing, folder, env)).toEqual({
      apiVersion: 'r7',
      namedRelease: 'r7',
      commit: 'abc',
    })
    const found = { apiVersion: '1.2.3', namedRelease: null, commit: 'c'.repeat(40) }
    for (const empty of [{}, { SCS_RELEASE: ' ', SCS_COMMIT: '' }]) {
      expect(runningRelease(nothing, folder, empty)).toEqual(found)
    }
  })

  it('may be nothing', () => {
    expect(runningRelease(nothing, folder, {})).toEqual(noRelease)
  })
})

const GIT_ENV = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
