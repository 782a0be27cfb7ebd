import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Side } from './measure/side.js'
import type { Scenario } from './scenarios/scenario.js'

/** The built bench, also when this module runs from its sources, as in tests. */
const dist = new URL('../dist/', import.meta.url)

/**
 * Copies the built bench to a folder where its programs find the packages of another checkout, built; the folder goes when
 * the process ends. So both sides of a comparison run the same servers.
 *
 * @param checkout root of the other checkout
 * @returns the folder of the copied programs
 * @throws Error when the other checkout is not installed or not built
 */
export function benchWith(checkout: string): URL {
  const packages = join(checkout, 'packages', 'bench', 'node_modules')
  for (const needed of [packages, join(checkout, 'packages', 'core', 'dist', 'index.js')]) {
    if (!existsSync(needed)) throw new Error(`${needed} does not exist: is that checkout built?`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-bench-with-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const own = fileURLToPath(dist)
  cpSync(own, join(folder, 'dist'), { recursive: true })
  for (const name of ['package.json', 'goals.json', 'peers']) {
    symlinkSync(join(own, '..', name), join(folder, name))
  }
  symlinkSync(packages, join(folder, 'node_modules'))
  return new URL('dist/', pathToFileURL(`${folder}/`))
}

/**
 * The same scenario with the packages of another checkout as side a, and this one's as side b: the ratio is after / before.
 *
 * @param programs what `benchWith` returned for the other checkout
 */
export function against(programs: URL, scenario: Scenario): Scenario {
  return {
    ...scenario,
    measures: `${scenario.b.variant} with the other checkout's packages against the same here`,
    goal: null,
    a: sideIn(programs, scenario.b),
  }
}

function sideIn(programs: URL, side: Side): Side {
  const path = /\/(servers\/[^/]+)$/.exec(side.module.pathname)?.[1]
  if (path === undefined) throw new Error(`${side.module.href} is no server of the bench`)
  return { ...side, module: new URL(path, programs) }
}

/**
 * The binary of another Node: a path as it is, a version such as `24` from the npm package of that platform, as
 * .ci/node-matrix.mjs has it.
 *
 * @throws Error when it cannot be installed
 */
export function nodeBinary(versionOrPath: string): string {
  if (versionOrPath.includes('/')) return versionOrPath
  const folder = join(tmpdir(), 'scs-nodes', versionOrPath)
  const name = `node-linux-${process.arch}`
  const binary = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const install = ['install', '--no-save', '--prefix', folder, `${name}@${versionOrPath}`]
  execFileSync('npm', install, { stdio: ['ignore', 2, 2] })
  return binary
}
