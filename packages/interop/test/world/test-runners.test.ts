import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SEEN } from './runners-service.js'
import { makeProject, removeProject, runNode } from './scratch-project.js'

let folder = ''

beforeAll(() => {
  folder = makeProject('runners', ['jest', 'vitest'])
  const jest = {
    testEnvironment: 'node',
    transform: {},
    testMatch: ['**/jest-*'],
    moduleFileExtensions: ['mjs', 'cjs', 'js', 'json', 'node'],
    testTimeout: 60_000,
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, jest }))
})

afterAll(() => removeProject(folder))

function seenBy(runner: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${runner}.json`), 'utf8'))
}

it('under Jest, as a module and from CommonJS, errors of its realm are answered and reported as usual, and it ends by itself', async () => {
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  // One process: a handle that is left open in a worker would be cut off.
  const output = await runNode(folder, '--experimental-vm-modules', jest, '--runInBand')
  expect(output).toContain('2 passed, 2 total')
  expect(seenBy('jest-esm')).toEqual(SEEN)
  expect(seenBy('jest-commonjs')).toEqual(SEEN)
}, 120_000)

it('under vitest they are, and it ends by itself', async () => {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const output = await runNode(folder, vitest, 'run', '--testTimeout', '60000')
  expect(output).not.toMatch(/timed out|hanging/)
  expect(seenBy('vitest')).toEqual(SEEN)
}, 120_000)

it('under node:test they are, and it ends by itself', async () => {
  await runNode(folder, '--test', 'in-node-test.mjs')
  expect(seenBy('node-test')).toEqual(SEEN)
}, 120_000)
