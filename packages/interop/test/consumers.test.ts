import { copyFileSync } from 'node:fs'
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

  it.each([[], ...Object.keys(AUGMENTATIONS).map((name) => [name]), ['fastify-scs']])(
    'what a package adds to Fastify is known where it is imported and nowhere else: %s',
    (...imported) => {
      project.write('augmented.ts', moduleThatImports(...imported))
      const mode = { ...MODES.nodenext, skipLibCheck: true }
      expect(project.typeErrors(['augmented.ts'], mode)).toBe('')
    },
  )
})
