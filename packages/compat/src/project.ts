import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PackedPackage } from './pack.js'
import { WORKSPACE } from './workspace.js'

/** Where the smoke tests are; they are copied to where the packed packages are found. */
const SMOKE = join(import.meta.dirname, '..', 'smoke')

/** An application's folder, outside of the workspace, in which npm has installed the packed packages. */
export interface Project {
  readonly folder: string
  /** The version of Fastify that npm has chosen. */
  readonly fastify: string
}

/** Installs the packages and a version of Fastify with plain npm, as a user does. */
export function installProject(packed: readonly PackedPackage[], fastify: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'scs-compat-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const tarballs = packed.map(({ tarball }) => tarball)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `fastify@${fastify}`, ...tarballs], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  cpSync(SMOKE, folder, { recursive: true })
  writeFileSync(join(folder, 'readme-example.mjs'), readmeExample())
  const manifest = readFileSync(join(folder, 'node_modules/fastify/package.json'), 'utf8')
  return { folder, fastify: (JSON.parse(manifest) as { version: string }).version }
}

/** The first whole program of the README, on a port that the environment names. */
function readmeExample(): string {
  const readme = readFileSync(join(WORKSPACE, 'README.md'), 'utf8')
  const example = [...readme.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .find((code) => code.includes('import Fastify') && code.includes('port: 3000'))
  if (example === undefined) throw new Error('README.md has no example that listens on port 3000')
  return example.replace('port: 3000', 'port: Number(process.env.PORT)')
}
