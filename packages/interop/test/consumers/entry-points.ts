import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from '../examples/find-examples.js'

const PACKAGES = join(REPOSITORY, 'packages')

/** The part of a package.json that is read. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package that is published. */
export interface PublishedPackage {
  readonly folder: string
  readonly manifest: Manifest
  /** What can be imported of it: `@fastify-scs/core/nest`. */
  readonly entryPoints: readonly string[]
}

/** All packages that are published, with what can be imported of each: a new one is found by itself. */
export function publishedPackages(): readonly PublishedPackage[] {
  return readdirSync(PACKAGES)
    .map((name) => join(PACKAGES, name))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ folder, manifest, entryPoints: entryPointsOf(manifest) }))
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function entryPointsOf({ name, exports = {} }: Manifest): readonly string[] {
  return Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => `${name}${path.slice(1)}`)
}
