// Changes the code in small ways, one at a time, and tells which changes no test sees: `corepack pnpm mutants store/src/fifo.ts ...`,
// files or patterns below `packages`, all of one package; options of StrykerJS, as --ignoreStatic, come after them.
// `--tests=queue/*.test.ts,...`, below the package's `test`, leaves out all other tests: a mutant of a part that has tests of
// its own then takes a second and not ten.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const patterns = args.filter((arg) => !arg.startsWith('--'))
const TESTS = '--tests='
const tests = args.find((arg) => arg.startsWith(TESTS))?.slice(TESTS.length)
const options = args.filter((arg) => arg.startsWith('--') && !arg.startsWith(TESTS))
const [name, ...others] = new Set(patterns.map((pattern) => pattern.split('/')[0]))
if (name === undefined || others.length > 0) {
  console.error(
    'usage: corepack pnpm mutants <package>/src/<file or pattern> ..., all of one package',
  )
  process.exit(1)
}
const mutate = patterns.map((pattern) => `packages/${pattern}`).join(',')
const run = spawnSync(
  'stryker',
  ['run', '.ci/stryker.config.mjs', '--mutate', mutate, ...options],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SCS_MUTANTS_PACKAGE: name, SCS_MUTANTS_TESTS: tests },
  },
)
process.exitCode = run.status ?? 1
