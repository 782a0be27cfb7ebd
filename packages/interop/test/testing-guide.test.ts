import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { findExamples, REPOSITORY } from './examples/find-examples.js'

// The test runners are processes of their own.
vi.setConfig({ testTimeout: 120_000 })

const FOLDER = join(import.meta.dirname, '..', 'node_modules', '.cache', 'testing-guide')
const VITEST = join(REPOSITORY, 'node_modules', 'vitest', 'vitest.mjs')

const whole = findExamples().filter(
  ({ page, language }) => page === 'docs/guides/testing.md' && language === 'js',
)

/** Puts a whole example of the guide into an empty project, from which the packages are found as they are built. */
function project(runner: string): { readonly folder: string; readonly file: string } {
  const example = whole.find(({ code }) => code.includes(`from '${runner}'`))
  const folder = join(FOLDER, runner.replace(':', '-'))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'vitest.config.js'), 'export default {}')
  writeFileSync(join(folder, 'orders.test.js'), example?.code ?? '')
  return { folder, file: 'orders.test.js' }
}

function run(folder: string, args: readonly string[]): { status: number | null; output: string } {
  const { NODE_TEST_CONTEXT: _outer, VITEST: _vitest, ...env } = process.env
  const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env })
  return { status: ran.status, output: `${ran.stdout}${ran.stderr}` }
}

it('the example for node:test passes with node --test, and prints nothing of its own', () => {
  const { folder, file } = project('node:test')
  const { status, output } = run(folder, ['--test', '--test-reporter=tap', file])
  expect(output).toContain('# pass 1')
  expect(output).not.toMatch(/"level":/)
  expect(status, output).toBe(0)
})

it('the example for vitest passes with vitest run, and prints nothing of its own', () => {
  const { folder } = project('vitest')
  const { status, output } = run(folder, [VITEST, 'run', '--root', folder])
  expect(output).toMatch(/Tests.*3 passed/)
  expect(output).not.toMatch(/"level":|stdout \|/)
  expect(status, output).toBe(0)
})

it('a check that fails is shown by node --test with what the service has thrown', () => {
  const { folder, file } = project('node:test')
  const code = `
    import { test } from 'node:test'
    import { expectError } from '@fastify-scs/testing'
    import fastify from 'fastify'
    import fastifyScs from 'fastify-scs'
    test('fails', async () => {
      const app = fastify({ logger: { level: 'silent' } })
      await app.register(fastifyScs, { audit: false })
      app.get('/', () => { throw new TypeError('the basket is no list') })
      expectError(await app.inject('/'), 'orders-sold-out')
    })`
  writeFileSync(join(folder, file), code)
  const { status, output } = run(folder, ['--test', '--test-reporter=spec', file])
  expect(status).toBe(1)
  expect(output).toContain('expected the error orders-sold-out, got internal-server-error (500)')
  expect(output).toContain('thrown by the service: TypeError: the basket is no list')
})
