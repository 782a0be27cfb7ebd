import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeProject, removeProject } from './scratch-project.js'

/** A runner that has not ended by itself by then hangs: something that a plugin has opened was not closed with the app. */
const TIMEOUT_MS = 90_000

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

/** Runs Node.js in the project to its end, and returns what it has written. */
async function run(...args: readonly string[]): Promise<string> {
  // What the tests of the workspace run in is not for the runner in the project.
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  const all = `${output}\n${errors}`
  expect(code ?? signal, all).toBe(0)
  return all
}

function seenBy(runner: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${runner}.json`), 'utf8'))
}

const EXPECTED = {
  answers: {
    '/bug': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/pool': [500, bodyOf('pool-empty', 'Come again')],
    '/user': [401, bodyOf('invalid-user', 'Who are you?')],
    '/abort': [404, bodyOf('not-found', 'Not Found')],
    '/model': [409, bodyOf('no-stock', 'Gone')],
    '/plain': [
      418,
      bodyOf('i-m-a-teapot', "I'm a Teapot", { list: [1, '1970-01-01T00:00:00.000Z'] }),
    ],
    '/both': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/call': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/sold-out': [
      409,
      bodyOf('orders-sold-out', 'Sold out', {
        left: 0,
        at: '1970-01-01T00:00:00.000Z',
        list: [1],
      }),
    ],
    '/orders/7': [200, { n: '7' }],
    '/nowhere': [404, bodyOf('not-found', 'Route GET:/nowhere not found')],
  },
  reports: [
    {
      title: expect.stringContaining('GET /bug: the pool is exhausted'),
      name: 'TypeError',
      causes: ['RangeError: too many'],
    },
    {
      title: expect.stringContaining('POOL_EMPTY: GET /pool: none left'),
      name: 'PoolError',
      causes: [],
    },
    {
      title: expect.stringContaining('GET /both: both: one | two'),
      name: 'AggregateError',
      causes: [],
    },
    {
      title: expect.stringContaining('GET /call: fetch failed: connect ECONNREFUSED'),
      name: 'TypeError',
      causes: ['Error: connect ECONNREFUSED 127.0.0.1:1234'],
    },
  ],
  events: ['Order 7 was seen'],
  calls: ['Failed http://127.0.0.1:1234/pay'],
}

it('under Jest, as a module and from CommonJS, errors of its realm are answered and reported as usual, and it ends by itself', async () => {
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  // One process: a handle that is left open in a worker would be cut off.
  const output = await run('--experimental-vm-modules', jest, '--runInBand')
  expect(output).toContain('2 passed, 2 total')
  expect(seenBy('jest-esm')).toEqual(EXPECTED)
  expect(seenBy('jest-commonjs')).toEqual(EXPECTED)
}, 120_000)

it('under vitest they are, and it ends by itself', async () => {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const output = await run(vitest, 'run', '--testTimeout', '60000')
  expect(output).not.toMatch(/timed out|hanging/)
  expect(seenBy('vitest')).toEqual(EXPECTED)
}, 120_000)

it('under node:test they are, and it ends by itself', async () => {
  await run('--test', 'in-node-test.mjs')
  expect(seenBy('node-test')).toEqual(EXPECTED)
}, 120_000)

function bodyOf(id: string, message: string, details?: object): object {
  return { error: { id, message, ...(details === undefined ? {} : { details }) } }
}
