// publint and attw on the tarballs, as npm would serve them.
import { spawnSync } from 'node:child_process'
import { packAll } from './pack.mjs'

let failed = 0
for (const { name, tarball } of packAll()) {
  console.log(`\n${name}`)
  run('publint', ['run', tarball, '--strict'])
  run('attw', [tarball, '--profile', 'esm-only'])
}
process.exitCode = failed === 0 ? 0 : 1

function run(command, args) {
  const { status } = spawnSync('corepack', ['pnpm', 'exec', command, ...args], { stdio: 'inherit' })
  if (status !== 0) failed++
}
