import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { StoreFinding } from '@fastify-scs/store'
import { FAMILY } from '../family.js'

const LEAST_NODE = [20, 19] as const

/** Whether this Node runs the packages. */
export function nodeFinding(version: string = process.versions.node): StoreFinding {
  const what = 'node'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  const isGood = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  const says = `Node ${version} on ${process.platform} ${process.arch}`
  if (isGood) return { what, state: 'good', says }
  return { what, state: 'bad', says, fix: `Install Node ${LEAST_NODE.join('.')} or newer.` }
}

/** Whether the packages that the application in the working directory has installed are of one version. */
export function packagesFinding(folder: string = process.cwd()): StoreFinding {
  const what = 'packages'
  const require = createRequire(pathToFileURL(join(folder, 'index.js')))
  const own = createRequire(import.meta.url)
  const found = FAMILY.flatMap((name) => {
    const version = versionOf(require, name) ?? versionOf(own, name)
    return version === undefined ? [] : [{ name, version }]
  })
  const versions = new Set(found.map(({ version }) => version.replace(/\.\d+(-.*)?$/, '')))
  const says = found
    .map(({ name, version }) => `${name.replace('@fastify-scs/', '')} ${version}`)
    .join(', ')
  if (versions.size <= 1) return { what, state: 'good', says }
  const fix = 'Install the same version of all of them: they are released together.'
  return { what, state: 'warning', says, fix }
}

function versionOf(require: NodeJS.Require, name: string): string | undefined {
  try {
    const { version } = require(`${name}/package.json`) as { readonly version: string }
    return version
  } catch {
    // Not installed here.
    return undefined
  }
}
