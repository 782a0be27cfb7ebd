// Runs the tests on other versions of Node, which are installed when this runs: `corepack pnpm nodes [22 24 26] [-- vitest arguments]`.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const split = args.indexOf('--') === -1 ? args.length : args.indexOf('--')
const versions = split === 0 ? ['22', '24', '26'] : args.slice(0, split)
const folder = join(tmpdir(), 'scs-nodes')
mkdirSync(folder, { recursive: true })

let failed = 0
for (const version of versions) {
  const binary = install(version)
  console.log(`\nNode ${execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim()}`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const run = spawnSync(binary, [vitest, 'run', ...args.slice(split + 1)], {
    cwd: root,
    stdio: 'inherit',
    // Child processes that the tests start by name run on the same Node.
    env: { ...process.env, PATH: `${join(binary, '..')}:${process.env.PATH}` },
  })
  if (run.status !== 0) failed++
}
process.exitCode = failed === 0 ? 0 : 1

function install(version) {
  const prefix = join(folder, version)
  const name = `node-linux-${process.arch}`
  execFileSync('npm', ['install', '--no-save', '--prefix', prefix, `${name}@${version}`], {
    stdio: 'ignore',
  })
  return join(prefix, 'node_modules', name, 'bin', 'node')
}
