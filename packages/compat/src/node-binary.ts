import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOLDER = join(tmpdir(), 'scs-nodes')

/** Installs a version of Node from the npm registry and returns the path of its binary. */
export function nodeBinary(version: string): string {
  const prefix = join(FOLDER, version)
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const binary = join(prefix, 'node_modules', name, 'bin', 'node')
  // What was installed before may be older than the newest of its line; the exact version is printed with the result.
  if (existsSync(binary)) return binary
  mkdirSync(prefix, { recursive: true })
  execFileSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', prefix, `${name}@${version}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return binary
}

/** What a binary of Node says that it is: `20.19.0`. */
export function versionOf(binary: string): string {
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim().slice(1)
}
