// publint and attw on the tarballs, as npm would serve them; and whether the console's page is in its own.
import { spawnSync } from 'node:child_process'
import { missingOfPage, packAll } from '../packages/compat/dist/pack.js'

let failed = 0
for (const packed of packAll()) {
  const { name, tarball } = packed
  console.log(`\n${name}`)
  const missing = name === '@fastify-scs/console' ? missingOfPage(packed) : []
  if (missing.length > 0) {
    console.error(
      `Its tarball lacks ${missing.join(', ')}: run "node packages/console/build-page.mjs"`,
    )
    failed++
  }
  run('publint', ['run', tarball, '--strict'])
  run('attw', [tarball, '--profile', 'esm-only'])
}
process.exitCode = failed === 0 ? 0 : 1

function run(command, args) {
  const { status } = spawnSync('corepack', ['pnpm', 'exec', command, ...args], { stdio: 'inherit' })
  if (status !== 0) failed++
}
