import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { ScratchProject } from './scratch-project.js'

const SERVICE = `
import { defineError } from '@fastify-scs/core'
import { Type } from '@sinclair/typebox'
export const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'x',
  details: Type.Object({ left: Type.Integer() }) })
`

const PAGE = `
import { createScsClient, type ErrorsOf } from '@fastify-scs/client'
import type * as errors from './service.js'
const orders = createScsClient<ErrorsOf<typeof errors>>()
const error = orders.readScsError(JSON.parse('{"error":{"id":"orders-sold-out","message":"x","details":{"left":2}}}'))
export const left: number = orders.isScsError(error, 'orders-sold-out') ? error.details.left : 0
`

it('a page that takes its types from the service has none of its code, and runs without Node', async () => {
  const project = new ScratchProject('@fastify-scs/core', '@sinclair/typebox', 'fastify')
  try {
    project.write('service.ts', SERVICE)
    const entry = project.write('page.ts', PAGE)
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'page',
      target: 'es2022',
    })
    const inputs = Object.keys(metafile.inputs)
    expect(inputs.filter((path) => !/(client\/dist\/|page\.ts$)/.test(path))).toEqual([])
    const text = (outputFiles[0] as { text: string }).text
    expect(text.length).toBeLessThan(3_000)
    // A realm with what the language itself has, and nothing of Node or of a browser.
    expect(runInContext(`${text}; page.left`, createContext({}))).toBe(2)
    expect(project.typeErrors({ lib: ['es2022', 'dom'], types: [] })).toBe('')
  } finally {
    project.remove()
  }
})

it('the package depends on nothing', () => {
  expect(manifest).not.toHaveProperty('dependencies')
  expect(manifest).not.toHaveProperty('peerDependencies')
})

it('its declarations need neither the types of Node nor those of a browser', () => {
  const project = new ScratchProject()
  try {
    project.write('own.ts', "export * from '@fastify-scs/client'\n")
    expect(project.typeErrors({ lib: ['es2022'] })).toBe('')
    const declared = join(project.folder, 'node_modules/@fastify-scs/client/dist/index.d.ts')
    expect(readFileSync(declared, 'utf8')).toContain('readScsError')
  } finally {
    project.remove()
  }
})
