import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { against, benchWith, nodeBinary } from '../src/elsewhere.js'
import { pairScenarios } from '../src/scenarios/pairs.js'

const root = join(import.meta.dirname, '..', '..', '..')
const [happyPath] = pairScenarios

describe('another checkout', () => {
  it('is measured by the same servers, which find its packages', () => {
    const programs = benchWith(root)
    const servers = fileURLToPath(new URL('servers', programs))
    expect(readdirSync(servers)).toContain('works.js')
    const core = join(servers, '..', '..', 'node_modules', '@fastify-scs', 'core')
    expect(realpathSync(core)).toBe(join(realpathSync(root), 'packages', 'core'))
    expect(existsSync(new URL('../goals.json', programs))).toBe(true)
  })

  it('is side a, and the code here side b', () => {
    const programs = new URL('file:///copy/dist/')
    const scenario = happyPath === undefined ? undefined : against(programs, happyPath)
    expect(fileURLToPath(scenario?.a.module ?? programs)).toBe('/copy/dist/servers/works.js')
    expect(scenario?.a.variant).toBe('core')
    expect(scenario?.b).toBe(happyPath?.b)
  })

  it('has to be built', () => {
    expect(() => benchWith('/nowhere')).toThrow('/nowhere/packages/bench/node_modules')
  })
})

it('takes the path of another Node as it is', () => {
  expect(nodeBinary('/opt/node/bin/node')).toBe('/opt/node/bin/node')
})
