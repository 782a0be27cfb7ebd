import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished, vi } from 'vitest'

// A process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const require = createRequire(import.meta.url)

/** The package beside a better-sqlite3 whose native part is not for this Node. */
function makeBrokenDriver(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [own, modules] = [
    fileURLToPath(new URL('..', import.meta.url)),
    join(folder, 'node_modules'),
  ]
  for (const part of ['dist', 'package.json'])
    cpSync(join(own, part), join(folder, part), { recursive: true })
  mkdirSync(modules)
  for (const name of ['@fastify-scs', '@fastify', '@sinclair'])
    symlinkSync(join(own, 'node_modules', name), join(modules, name))
  const driver = dirname(require.resolve('better-sqlite3/package.json'))
  const copy = join(modules, 'better-sqlite3')
  for (const part of ['lib', 'package.json'])
    cpSync(join(driver, part), join(copy, part), { recursive: true })
  symlinkSync(join(driver, '..', 'bindings'), join(modules, 'bindings'))
  mkdirSync(join(copy, 'build', 'Release'), { recursive: true })
  writeFileSync(join(copy, 'build', 'Release', 'better_sqlite3.node'), 'of another Node')
  return folder
}

it('a driver whose native part does not load is reported as missing, with the reason, at start-up', async () => {
  const folder = makeBrokenDriver()
  const program = `const { SqliteStore } = await import(${JSON.stringify(join(folder, 'dist', 'index.js'))})
    const { CheckedAdapter } = await import('@fastify-scs/store/contract')
    const store = new CheckedAdapter(new SqliteStore({ path: 'scs.db', driver: 'better-sqlite3' }))
    await store.open().catch(({ code, message }) => console.log(code, message))
    await store.close()`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
  })
  expect(stdout).toMatch(/^SCS_STORE_ERR_DRIVER_MISSING .*better-sqlite3 does not load: /)
})
