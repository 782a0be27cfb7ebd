import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { expect, it } from 'vitest'
import { compileErrors, writeModules } from './examples/compile.js'
import { type ExampleModule, ExampleModules } from './examples/example-module.js'
import { type Example, findExamples } from './examples/find-examples.js'
import { runIn } from './run-program.js'

const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache')
const CODE = ['ts', 'js']
/** Languages whose blocks are no code of ours. */
const OTHERS = ['sh', 'sql', 'text', 'mermaid', 'json']

const examples = findExamples()
const modules = new ExampleModules()
const made = examples
  .filter(({ language }) => CODE.includes(language))
  .map((example) => modules.moduleOf(example))

const where = ({ page, line }: Example): string => `${page}:${line}`

it('each block of code in the pages is of a language that is checked here or is known not to be', () => {
  const unknown = examples.filter(({ language }) => ![...CODE, ...OTHERS].includes(language))
  expect(unknown.map((example) => `${where(example)} ${example.language}`)).toEqual([])
  expect(made.length).toBeGreaterThan(10)
})

it('each block of JSON is JSON, one value in all or one a line', () => {
  for (const { code, language } of examples) {
    if (language !== 'json') continue
    const isWhole = /^[[{]\s*$/.test(code.split('\n')[0] as string)
    for (const text of isWhole ? [code] : code.split('\n')) {
      expect(() => JSON.parse(text), text).not.toThrow()
    }
  }
})

it('each example compiles, strictly, against the packages as they are built', () => {
  const misspelt = "import Fastify from 'fastify'\n\nconst app = Fastify()\napp.scs.registerEror()"
  const given = { page: 'made-up.md', line: 10, language: 'ts', code: misspelt, given: [] }
  const missing = { ...given, line: 20, code: 'await nowhere()' }
  const madeUp = [given, missing].map((example) => modules.moduleOf(example))
  const all = [...made, ...madeUp]
  const folder = join(CACHE, 'examples')
  writeModules(folder, all)
  const errors = compileErrors(folder, all)
  // What must not compile shows that the others are looked at, and that a line is that of the page.
  const wrong = errors.filter((error) => error.startsWith('made-up.md'))
  expect(wrong).toEqual([
    expect.stringMatching(/^made-up\.md:14: error TS\d+: .*registerEror/),
    expect.stringMatching(/^made-up\.md:21: error TS\d+: .*nowhere/),
  ])
  expect(errors.filter((error) => !wrong.includes(error))).toEqual([])
})

/** What a program that runs is asked, beside what is expected of each: no unexpected error. */
interface Asked {
  readonly method: string
  readonly url: string
}

interface Answered extends Asked {
  readonly statusCode: number
  readonly errorId: string | null
  readonly body: string
}

/** Answers of which a page says more than that they come. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  // The Error model that `getProfile` of the reader gives: reported, and answered with its own status.
  'packages/error-reporter/README.md': {
    'GET /me': { statusCode: 404, body: expect.stringContaining('no-such-user') },
  },
  'README.md': {
    'GET /orders/7': { statusCode: 200, body: '{"id":"7"}' },
    'GET /orders/0': {
      statusCode: 409,
      body: '{"error":{"id":"orders-closed","message":"This order is closed"}}',
    },
  },
  'packages/core/README.md': {
    'GET /': {
      statusCode: 429,
      body: '{"error":{"id":"auth-rate-limited","message":"Too many false attempts","details":{"retryAfterSeconds":30}}}',
    },
  },
}

it('each whole program runs, and its routes answer', async () => {
  const upstream = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"paid":true}'))
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const folder = join(CACHE, 'running-examples')
  const cwd = mkdtempSync(join(tmpdir(), 'examples-'))
  try {
    const programs = made.filter(({ isProgram }) => isProgram)
    const files = await writePrograms(folder, programs, origin)
    const runner = join(import.meta.dirname, 'programs', 'run-examples.mjs')
    process.env.SLACK_URL = origin
    const answers = (await runIn(cwd, runner, ...files)) as Record<string, readonly Answered[]>
    for (const [index, { example }] of programs.entries()) {
      const told = answers[files[index] as string] ?? []
      expect(told, `${where(example)} has no route`).not.toEqual([])
      for (const answer of told) {
        const asked = `${answer.method} ${answer.url}`
        const expected = ANSWERS[example.page]?.[asked]
        const isAnswered = expected === undefined ? answer.statusCode < 500 : true
        expect(isAnswered, `${where(example)}: ${asked}: ${answer.body}`).toBe(true)
        if (expected !== undefined) expect(answer, where(example)).toMatchObject(expected)
      }
      for (const asked of Object.keys(ANSWERS[example.page] ?? {})) {
        expect(told.map(({ method, url }) => `${method} ${url}`)).toContain(asked)
      }
    }
  } finally {
    upstream.closeAllConnections()
    upstream.close()
    rmSync(cwd, { recursive: true })
  }
})

/** Writes programs as JavaScript, and what each is asked; none of them listens on a fixed port or calls out of this machine. */
async function writePrograms(
  folder: string,
  programs: readonly ExampleModule[],
  origin: string,
): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const reader = readFileSync(join(import.meta.dirname, 'examples', 'reader.ts'), 'utf8')
  const write = async (name: string, source: string): Promise<string> => {
    const path = join(folder, `${name}.js`)
    const { code } = await transform(source, { loader: 'ts', format: 'esm' })
    writeFileSync(path, code)
    return path
  }
  await write('reader', reader)
  return Promise.all(
    programs.map(({ name, source, example }) => {
      const local = source
        .replace(/\bport: \d+/g, "port: 0, host: '127.0.0.1'")
        .replace(/https:\/\/(?:api|hooks)\.[\w.]+/g, origin)
      const requests = `export const requests = ${JSON.stringify(askedOf(example))}`
      return write(name, `${local}\n${requests}\n`)
    }),
  )
}

/** One request for each route that a program shows, and those that its page tells of. */
function askedOf({ page, code }: Example): readonly Asked[] {
  const routes = code.matchAll(/\bapp\.(get|post|put|patch|delete)(?:<[^(]*>)?\(\s*'([^']+)'/g)
  const asked = [...routes].map(([, method = '', path = '']) => ({
    method: method.toUpperCase(),
    url: path.replace(/:\w+/g, '7'),
  }))
  const told = Object.keys(ANSWERS[page] ?? {}).map((line) => {
    const [method = '', url = ''] = line.split(' ')
    return { method, url }
  })
  const all = [...told, ...asked].map(({ method, url }) => `${method} ${url}`)
  return [...new Set(all)].map((line) => {
    const [method = '', url = ''] = line.split(' ')
    return { method, url }
  })
}
