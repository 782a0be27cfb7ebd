import { expect, it } from 'vitest'
import { ScratchProject } from './scratch-project.js'

const PAGE = `
import { isScsError, readScsError } from '@fastify-scs/client'

declare module '@fastify-scs/client' {
  interface ScsErrors {
    'orders-sold-out': { left: number }
  }
}

const error = readScsError({})
export const left: number = isScsError(error, 'orders-sold-out') ? error.details.left : 0
// @ts-expect-error misspelt
isScsError(error, 'orders-soldout')
`

it.each(['node16', 'nodenext', 'bundler'])(
  'an application adds its errors to the interface of the package, with moduleResolution %s',
  (moduleResolution) => {
    const project = new ScratchProject()
    try {
      project.write('page.ts', PAGE)
      const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution
      expect(project.typeErrors({ lib: ['es2022'], module, moduleResolution })).toBe('')
    } finally {
      project.remove()
    }
  },
)
