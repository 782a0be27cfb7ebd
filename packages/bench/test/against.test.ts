import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { against } from '../src/against.js'
import { happyPath } from '../src/scenarios/happy-path.js'

const root = join(import.meta.dirname, '..', '..', '..')

it('puts the server of another checkout beside the one here', () => {
  const built = { ...happyPath, b: { ...happyPath.b, module: moduleIn('servers/happy-path.js') } }
  const scenario = against(root, built)
  expect(fileURLToPath(scenario.a.module)).toBe(
    join(root, 'packages', 'bench', 'dist', 'servers', 'happy-path.js'),
  )
  expect(scenario.a.variant).toBe('core')
  expect(scenario.b).toBe(built.b)
})

it('says so when the other checkout is not built', () => {
  expect(() => against('/nowhere', happyPath)).toThrow('/nowhere/packages/bench/dist/')
})

function moduleIn(path: string): URL {
  return new URL(`../src/${path}`, import.meta.url)
}
