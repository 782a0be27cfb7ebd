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
project.write('entry-points.ts', `${imports}export const all = [${names}]\n`)
for (const name of ['service.ts', 'type-providers.ts']) {
  copyFileSync(join(import.meta.dirname, 'consumers', 'programs', name), join(project.folder, name))
}

const MODES = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

describe('types', () => {
  it.each(Object.entries(MODES))(
    'each entry point of each published package compiles for a strict user with %s, as do services',
    (_name, mode) => {
      expect(entryPoints.length).toBeGreaterThan(15)
      const files = ['entry-points.ts', 'service.ts']
      expect(project.typeErrors(files, mode)).toBe('')
    },
  )

  it('they do with TypeScript 5 as well', () => {
    const files = ['entry-points.ts', 'service.ts']
    expect(project.typeErrors(files, MODES.nodenext, 5)).toBe('')
  })

  it.each(Object.entries(MODES))(
    'a route of a type provider has our options and decorators, with %s',
    (_name, mode) => {
      expect(project.typeErrors(['type-providers.ts'], { ...mode, skipLibCheck: true })).toBe('')
    },
  )

  it('what is wrong in a service is found, so the other tests look', () => {
    project.write('wrong.ts', "import { abort } from '@fastify-scs/core'\nabort('404')\n")
    expect(project.typeErrors(['wrong.ts'], { ...MODES.nodenext, skipLibCheck: true })).toMatch(
      /^wrong\.ts\(2,7\): error TS2345/,
    )
  })

  it.each(['', ...Object.keys(AUGMENTATIONS), 'fastify-scs'])(
    'what a package adds to Fastify is known where it is imported and nowhere else: "%s"',
    (name) => {
      project.write('augmented.ts', moduleThatImports(...(name === '' ? [] : [name])))
      const mode = { ...MODES.nodenext, skipLibCheck: true }
      expect(project.typeErrors(['augmented.ts'], mode)).toBe('')
    },
  )
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

  it.each([
    ['node16', 'TS1479'],
    ['node18', 'TS1479'],
    ['node20', ''],
    ['nodenext', ''],
  ])('a service of TypeScript in CommonJS with module %s has the error "%s"', (module, error) => {
    project.write('service.cts', SERVICE)
    const errors = project.typeErrors(['service.cts'], { module, skipLibCheck: true })
    if (error === '') expect(errors).toBe('')
    else expect(errors).toMatch(new RegExp(`^service\\.cts\\(2,\\d+\\): error ${error}: `))
  })

  it('with module node16 it imports our packages by import()', () => {
    const text = "void import('@fastify-scs/core').then(({ abort }) => abort(404))\n"
    project.write('service.cts', text)
    expect(project.typeErrors(['service.cts'], { module: 'node16', skipLibCheck: true })).toBe('')
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
