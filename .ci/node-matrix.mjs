// Runs the tests on other versions of Node, which are installed when this runs: `corepack pnpm nodes [22 24 26] [-- vitest arguments]`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { nodeBinary, versionOf } from '../packages/compat/dist/node-binary.js'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const split = args.indexOf('--') === -1 ? args.length : args.indexOf('--')
const versions = split === 0 ? ['22', '24', '26'] : args.slice(0, split)

let failed = 0
for (const version of versions) {
  const binary = nodeBinary(version)
  console.log(`\nNode ${versionOf(binary)}`)
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
