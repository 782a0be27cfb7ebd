import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { AUGMENTATIONS, moduleThatImports } from './consumers/augmentations.js'
import { ConsumerProject } from './consumers/consumer-project.js'
import { publishedPackages } from './consumers/entry-points.js'

// The compilers are processes of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const project = new ConsumerProject()
afterAll(() => project.remove())

const entryPoints = publishedPackages().flatMap((each) => each.entryPoints)
const imports = entryPoints.map((name, at) => `import * as e${at} from '${name}'\n`).join('')
const names = entryPoints.map((_name, at) => `e${at}`).join(', ')

const MODES = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}
const LENIENT = { ...MODES.nodenext, skipLibCheck: true }

/** Copies of the programs under names of their own. */
function services(name: string): string[] {
  project.write(`entry-points-${name}.ts`, `${imports}export const all = [${names}]\n`)
  return [`entry-points-${name}.ts`, copyOf('service', name)]
}

function copyOf(program: string, name: string): string {
  const source = join(import.meta.dirname, 'consumers', 'programs', `${program}.ts`)
  const file = `${program}-${name}.ts`
  copyFileSync(source, join(project.folder, file))
  return file
}

describe('types', () => {
  it('each entry point of each published package compiles for a strict user with each way of resolving modules, as do services', () => {
    expect(entryPoints.length).toBeGreaterThan(15)
    const programs = Object.entries(MODES).map(([name, options]) => ({
      files: services(name),
      options,
    }))
    expect(project.typeErrorsOfAll(programs)).toBe('')
  })

  it('they do with TypeScript 5 as well', () => {
    expect(project.typeErrors(services('typescript5'), MODES.nodenext, 5)).toBe('')
  })

  it('a route of a type provider has our options and decorators, with each way of resolving modules', () => {
    const programs = Object.entries(MODES).map(([name, mode]) => ({
      files: [copyOf('type-providers', name)],
      options: { ...mode, skipLibCheck: true },
    }))
    expect(project.typeErrorsOfAll(programs)).toBe('')
  })

  it('what is wrong in a service is found, so the other tests look', () => {
    const wrong = ['wrong-1.ts', 'wrong-2.ts']
    for (const name of wrong)
      project.write(name, "import { abort } from '@fastify-scs/core'\nabort('404')\n")
    const programs = wrong.map((name) => ({ files: [name], options: LENIENT }))
    expect(
      project.typeErrorsOfAll(programs).match(/^wrong-\d\.ts\(2,7\): error TS2345/gm),
    ).toHaveLength(2)
  })

  it('what a package adds to Fastify is known where it is imported and nowhere else', () => {
    const imported = [[], ...Object.keys(AUGMENTATIONS).map((name) => [name]), ['fastify-scs']]
    const programs = imported.map((packages, at) => {
      const file = `augmented-${packages.join().replace(/\W+/g, '-')}-${at}.ts`
      project.write(file, moduleThatImports(...packages))
      return { files: [file], options: LENIENT }
    })
    expect(project.typeErrorsOfAll(programs)).toBe('')
  })
})

describe('CommonJS', () => {
  it('each entry point of each published package is loaded by require', () => {
    const list = JSON.stringify(entryPoints)
    project.write('all.cjs', `for (const name of ${list}) require(name); console.log('loaded')`)
    expect(project.outputOf('all.cjs')).toBe('loaded\n')
  })

  it('a service in CommonJS registers the module itself or its default', () => {
    project.write(
      'service.cjs',
      `const Fastify = require('fastify')
      const scs = require('@fastify-scs/core')
      const answer = async (plugin) => {
        const app = Fastify()
        app.register(plugin, { audit: false })
        app.get('/', () => scs.abort(404))
        console.log((await app.inject('/')).body)
      }
      answer(scs).then(() => answer(scs.default))`,
    )
    const body = '{"error":{"id":"not-found","message":"Not Found"}}'
    expect(project.outputOf('service.cjs')).toBe(`${body}\n${body}\n`)
  })

  const SERVICE = `import Fastify from 'fastify'
import scsPlugin, { abort } from '@fastify-scs/core'
const app = Fastify()
app.register(scsPlugin, { source: 'orders' })
app.get('/', () => abort(404))
`

  it('a service of TypeScript in CommonJS needs module node20 or nodenext, or import()', () => {
    const modules = ['node16', 'node18', 'node20', 'nodenext']
    for (const module of modules) project.write(`service-${module}.cts`, SERVICE)
    const dynamic = "void import('@fastify-scs/core').then(({ abort }) => abort(404))\n"
    project.write('dynamic-node16.cts', dynamic)
    const programs = [
      ...modules.map((module) => ({ module, files: [`service-${module}.cts`] })),
      { module: 'node16', files: ['dynamic-node16.cts'] },
    ].map(({ module, files }) => ({ files, options: { module, skipLibCheck: true } }))
    const errors = project.typeErrorsOfAll(programs).trim().split('\n').sort()
    expect(errors).toEqual([
      expect.stringMatching(/^service-node16\.cts\(2,\d+\): error TS1479: /),
      expect.stringMatching(/^service-node18\.cts\(2,\d+\): error TS1479: /),
    ])
  })
})

it('declarations import nothing that is not installed with the package', () => {
  const strays = publishedPackages().flatMap(({ folder, manifest }) => {
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest
    const peers = Object.keys(peerDependencies)
    const isInstalled = (name: string): boolean =>
      name === manifest.name ||
      name in dependencies ||
      (peers.includes(name) && peerDependenciesMeta[name]?.optional !== true)
    const dist = join(folder, 'dist')
    return readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(dist, file), 'utf8')
        const named = text.matchAll(/(?:from |import\(|import |module )'([^'.][^']*)'/g)
        return [...named]
          .map(([, name]) => name as string)
          .filter((name) => !name.startsWith('node:') && !isInstalled(packageOf(name)))
          .map((name) => `${manifest.name} ${file}: ${name}`)
      })
  })
  expect(strays).toEqual([])
})

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
