import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the workspace. */
export const WORKSPACE: string = join(import.meta.dirname, '..', '..', '..')

/** What is read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly [field: string]: unknown
}

/** A package that is published. */
export interface PublishedPackage {
  /** Its absolute path. */
  readonly folder: string
  /** The name of its folder. */
  readonly short: string
  readonly manifest: Manifest
}

/** The packages that are published, by the names of their folders. */
export function publishedPackages(): readonly PublishedPackage[] {
  const packages = join(WORKSPACE, 'packages')
  return readdirSync(packages)
    .sort()
    .map((short) => {
      const folder = join(packages, short)
      const text = readFileSync(join(folder, 'package.json'), 'utf8')
      return { folder, short, manifest: JSON.parse(text) as Manifest }
    })
    .filter(({ manifest }) => manifest.private !== true)
}
