import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { compileErrors, writeModules } from './examples/compile.js'
import { type ExampleModule, ExampleModules } from './examples/example-module.js'
import { type Example, findExamples } from './examples/find-examples.js'
import { runPrograms } from './examples/run-programs.js'

// The compiler and the programs are processes of their own.
vi.setConfig({ testTimeout: 120_000 })

const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache')
const CODE = ['ts', 'js']
/** Languages whose blocks are no code of ours. */
const OTHERS = ['sh', 'sql', 'text', 'mermaid', 'json', 'python', 'http', 'html']

const examples = findExamples()
const modules = new ExampleModules()
const made = examples
  .filter(({ language }) => CODE.includes(language))
  .map((example) => modules.moduleOf(example))

const where = ({ page, line }: Example): string => `${page}:${line}`

it('each code block in the pages is in a language that is checked here or listed as unchecked', () => {
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
  // What adds to Fastify's types would do so for all the others.
  const isAlone = ({ example }: ExampleModule): boolean => /^declare module /m.test(example.code)
  const together = [...made.filter((each) => !isAlone(each)), ...madeUp]
  const errors = [together, ...made.filter(isAlone).map((each) => [each])].flatMap((all, index) => {
    const folder = join(CACHE, `examples-${index}`)
    writeModules(folder, all)
    return compileErrors(folder, all)
  })
  // What must not compile shows that the others are looked at, and that a line is that of the page.
  const wrong = errors.filter((error) => error.startsWith('made-up.md'))
  // First: where one does not parse, TypeScript tells of no other.
  expect(errors.filter((error) => !wrong.includes(error))).toEqual([])
  expect(wrong).toEqual([
    expect.stringMatching(/^made-up\.md:14: error TS\d+: .*registerEror/),
    expect.stringMatching(/^made-up\.md:21: error TS\d+: .*nowhere/),
  ])
})

/** Answers of which a page says more than that they come. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'packages/error-reporter/README.md': {
    'GET /crash': { statusCode: 500, body: expect.stringContaining('internal-server-error') },
  },
  // The crash that the guide explains.
  'docs/guides/why-it-broke.md': {
    'GET /totals': { statusCode: 500, body: expect.stringContaining('internal-server-error') },
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
  const programs = made.filter(({ isProgram }) => isProgram)
  expect(programs.length).toBeGreaterThan(3)
  const folder = join(CACHE, 'running-examples')
  const asked = ({ example: { page } }: ExampleModule) => Object.keys(ANSWERS[page] ?? {})
  for (const [index, told] of (await runPrograms(folder, programs, asked)).entries()) {
    const { page, line } = (programs[index] as ExampleModule).example
    expect.soft(told, `${page}:${line} has no route`).not.toEqual([])
    for (const { asked, ...answer } of told) {
      const expected = ANSWERS[page]?.[asked]
      if (expected !== undefined)
        expect.soft(answer, `${page}:${line} ${asked}`).toMatchObject(expected)
      else
        expect.soft(answer.statusCode, `${page}:${line} ${asked}: ${answer.body}`).toBeLessThan(500)
    }
  }
})
