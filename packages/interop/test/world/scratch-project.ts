import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { REPOSITORY } from '../examples/find-examples.js'

/** The packages of the family that a project of a user has, as they are built. */
const FAMILY = ['core', 'error-reporter', 'integration-log', 'slow-call', 'store', 'store-sqlite']

const INTEROP = createRequire(join(REPOSITORY, 'packages/interop/package.json'))

/**
 * A folder outside of the workspace with the files of a folder of `programs/world`, in whose node_modules are the packages of the family and those
 * that are named.
 */
export function makeProject(files: string, packages: readonly string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scs-project-')))
  cpSync(join(REPOSITORY, 'packages/interop/test/programs/world', files), folder, {
    recursive: true,
  })
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@fastify-scs'), { recursive: true })
  for (const name of FAMILY)
    symlinkSync(join(REPOSITORY, 'packages', name), join(modules, '@fastify-scs', name))
  for (const name of ['fastify', 'better-sqlite3', ...packages])
    symlinkSync(folderOf(name), join(modules, name))
  return folder
}

/** Where an installed package lies. */
function folderOf(name: string): string {
  const from = name === 'vitest' ? createRequire(join(REPOSITORY, 'package.json')) : INTEROP
  return dirname(from.resolve(`${name}/package.json`))
}

/** Removes what `makeProject` made. */
export function removeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
