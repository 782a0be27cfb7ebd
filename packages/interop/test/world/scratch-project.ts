import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { REPOSITORY } from '../examples/find-examples.js'
import { endOf } from '../run-program.js'

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

/** A program that has not ended by itself by then hangs: something that a plugin has opened was not closed with the app. */
const TIMEOUT_MS = 90_000

/** Runs Node.js in the project to its end, and returns what it has written. */
export async function runNode(folder: string, ...args: readonly string[]): Promise<string> {
  // What the tests of the workspace run in is not for the runner in the project.
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  const { output, errors, end } = await endOf(child)
  const all = `${output}\n${errors}`
  expect(end, all).toBe(0)
  return all
}
