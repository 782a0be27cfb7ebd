import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SEEN } from './runners-service.js'
import { makeProject, removeProject, runNode } from './scratch-project.js'

let folder = ''

beforeAll(() => {
  folder = makeProject('runners', ['tsx'])
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
})

afterAll(() => removeProject(folder))

/** What the last line of a program's output says. */
async function printedBy(...args: readonly string[]): Promise<unknown> {
  const output = await runNode(folder, '--no-warnings', ...args)
  return JSON.parse(
    output.split('\n').findLast((line) => /^[[{]"?(?:statuses|seen|answers)/.test(line)) ?? '',
  )
}

const ofTypeScript = () => ({
  statuses: [200, 409, 401, 410, 500, 404],
  reports: [expect.stringContaining('GET /bug: the pool is exhausted')],
  // The line of the source, which both runners keep where it is.
  places: [`typescript.ts:${lineOf('typescript.ts', 'the pool is exhausted')}`],
  stored: 1,
})

it('a service in TypeScript runs by tsx, and its reports name the lines of the source', async () => {
  expect(await printedBy('--import', 'tsx', 'typescript.ts')).toEqual(ofTypeScript())
}, 120_000)

it.skipIf(!('typescript' in process.features && process.features.typescript))(
  'a service in TypeScript runs by the type stripping of Node.js, and its reports name the lines of the source',
  async () => {
    expect(await printedBy('typescript.ts')).toEqual(ofTypeScript())
  },
  120_000,
)

it('apps in threads share a file with each other and with the process, and each answers as usual', async () => {
  const { seen, afterwards } = (await printedBy('in-threads.mjs')) as {
    seen: { answers: unknown }[]
    afterwards: { answers: unknown; events: unknown; calls: unknown }
  }
  for (const { answers } of [...seen, afterwards]) expect(answers).toEqual(SEEN.answers)
  expect(afterwards.events).toEqual(Array.from({ length: 4 }, () => SEEN.events[0]))
  expect(afterwards.calls).toEqual(Array.from({ length: 4 }, () => SEEN.calls[0]))
}, 120_000)

it('under the permission model without threads a service answers and reports as usual', async () => {
  const known = process.allowedNodeEnvironmentFlags
  const flag = known.has('--permission') ? '--permission' : '--experimental-permission'
  // From Node.js 25 on sockets need a permission.
  const net = known.has('--allow-net') ? ['--allow-net'] : []
  const args = [flag, ...net, '--allow-fs-read=*', 'in-process.mjs', 'memory:']
  expect(await printedBy(...args)).toEqual(SEEN)
}, 120_000)

function lineOf(file: string, code: string): number {
  return (
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(code)) + 1
  )
}
