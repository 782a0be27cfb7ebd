import { describe, expect, it } from 'vitest'
import { cellsOf, FASTIFY_VERSIONS, NODE_VERSIONS } from '../src/cells.js'
import { publishedPackages } from '../src/workspace.js'

const all = { smoke: false, node: [], fastify: [] }

describe('the runs', () => {
  it('are each Node with each Fastify', () => {
    const cells = cellsOf(all)
    expect(cells).toHaveLength(NODE_VERSIONS.length * FASTIFY_VERSIONS.length)
    expect(new Set(cells.map(({ node, fastify }) => `${node} ${fastify}`)).size).toBe(cells.length)
  })

  it('can be chosen', () => {
    expect(cellsOf({ ...all, node: ['22'], fastify: ['5.1.0'] })).toEqual([
      { node: '22', fastify: '5.1.0' },
    ])
    expect(cellsOf({ ...all, smoke: true })).toEqual([{ node: undefined, fastify: '5' }])
  })

  it('begin with the lowest versions that each package claims', () => {
    for (const { manifest } of publishedPackages()) {
      const { engines, peerDependencies } = manifest as unknown as {
        engines: { node: string }
        peerDependencies?: Record<string, string>
      }
      expect(`${engines.node}.0`, manifest.name).toBe(`>=${NODE_VERSIONS[0]}`)
      const { fastify } = peerDependencies ?? {}
      if (fastify !== undefined) expect(fastify, manifest.name).toBe(`^${FASTIFY_VERSIONS[0]}`)
    }
  })
})
