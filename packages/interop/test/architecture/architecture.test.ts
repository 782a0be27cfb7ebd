import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  filesBelow,
  findCircle,
  moduleStateOf,
  PUBLISHED,
  readSources,
  WORKSPACE,
} from './source-files.js'

const page = readFileSync(join(WORKSPACE, 'docs', 'architecture.md'), 'utf8')

const CORE = ['@fastify-scs/core', '@fastify-scs/core/kit', '@fastify-scs/core/kit/plain']

/** What each package may import of the others. Only the application joins a plugin to an adapter. */
const ALLOWED: Readonly<Record<(typeof PUBLISHED)[number], readonly string[]>> = {
  cli: [...CORE, '@fastify-scs/store', '@fastify-scs/console', '@fastify-scs/console/read'],
  // It runs in browsers.
  client: [],
  // Its bin opens a database; what other plugins have, it finds as decorators of the app.
  console: [...CORE, '@fastify-scs/store'],
  core: [],
  'error-reporter': CORE,
  // The application's part: it joins all of them.
  'fastify-scs': [
    ...CORE,
    '@fastify-scs/cli',
    '@fastify-scs/console',
    '@fastify-scs/error-reporter',
    '@fastify-scs/integration-log',
    '@fastify-scs/query-log',
    '@fastify-scs/slow-call',
    '@fastify-scs/store',
  ],
  'integration-log': CORE,
  'query-log': CORE,
  'slow-call': CORE,
  store: CORE,
  'store-postgres': [...CORE, '@fastify-scs/store', '@fastify-scs/store/adapter'],
  'store-sqlite': [...CORE, '@fastify-scs/store', '@fastify-scs/store/adapter'],
  testing: [...CORE, '@fastify-scs/store'],
}

describe.each(PUBLISHED)('%s', (name) => {
  const sources = readSources(name)

  it('imports point one way', () => {
    const wrong = sources.flatMap(({ path, packages }) =>
      packages
        .filter((from) => from.startsWith('@fastify-scs/') && !ALLOWED[name].includes(from))
        .map((from) => `${path} imports ${from}`),
    )
    expect(wrong).toEqual([])
  })

  it("no import reaches outside the package's own sources", () => {
    const own = `packages/${name}/src/`
    const wrong = sources.filter(({ imports }) => imports.some((path) => !path.startsWith(own)))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('no files import each other in a circle, not even types', () => {
    expect(findCircle(sources)).toBeUndefined()
  })

  it('each of its folders stands in the table of the page', () => {
    const folders = sources.flatMap(({ path }) => /\/src\/([^/]+)\//.exec(path)?.[1] ?? [])
    const table = page.slice(page.indexOf('| package | folders'), page.indexOf('## Where is what'))
    const rows = table.split('\n').filter((row) => row.startsWith(`| ${name}`))
    const isNamed = (folder: string): boolean =>
      rows.some((row) => row.includes(`\`${folder}/`) || row.includes(`/src/${folder}\``))
    expect(rows.length).toBeGreaterThan(0)
    expect([...new Set(folders)].filter((folder) => !isNamed(folder))).toEqual([])
  })

  it('the state that modules keep is listed on the page', () => {
    const kept = sources.flatMap((file) =>
      moduleStateOf(file).map((each) => `${file.path} ${each}`),
    )
    expect(kept.sort()).toEqual(listedState(name))
  })

  it('what is used of others beyond their API stands in files named compat-<whom>.ts, each with a test', () => {
    const compat = sources
      .map(({ path }) => path)
      .filter((path) => /\/compat-[a-z-]+\.ts$/.test(path))
    const tests = filesBelow(join(WORKSPACE, 'packages', name, 'test')).map((file) =>
      readFileSync(file, 'utf8'),
    )
    const untested = compat.filter((path) => {
      const module = `${path.slice(path.lastIndexOf('/') + 1, -'.ts'.length)}.js`
      return !tests.some((text) => text.includes(module))
    })
    expect(untested).toEqual([])
    const leaning = sources
      .filter(({ text }) => /'fastify\.[a-z]/i.test(text))
      .map(({ path }) => path)
    expect(leaning.filter((path) => !compat.includes(path))).toEqual([])
  })
})

describe("the console's page", () => {
  const sources = readSources('console', 'page')

  it('imports nothing of the packages but the types of the API', () => {
    const wrong = sources.flatMap(({ path, text, imports, packages }) => [
      ...packages
        .filter((from) => from.startsWith('@fastify-scs/'))
        .map((from) => `${path} ${from}`),
      ...imports
        .filter((from) => !from.startsWith('packages/console/page/'))
        .filter((from) => from !== 'packages/console/src/api/model.ts' || hasValueOfModel(text))
        .map((from) => `${path} ${from}`),
    ])
    expect(sources.length).toBeGreaterThan(20)
    expect(wrong).toEqual([])
  })

  it('no files import each other in a circle, not even types', () => {
    expect(findCircle(sources)).toBeUndefined()
  })

  it('sets no HTML of its own: what was logged is only ever text', () => {
    const setting =
      /dangerouslySetInnerHTML|\binnerHTML\b|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/
    expect(sources.filter(({ text }) => setting.test(text)).map(({ path }) => path)).toEqual([])
  })
})

/** Whether a file imports more than types from the API's model. */
function hasValueOfModel(text: string): boolean {
  return /import (?!type\b)[^;']*from '[^']*\/src\/api\/model\.js'/.test(text)
}

/** The rows of the table of module state that are about a package: `packages/core/src/kit/record-id.ts maker`. */
function listedState(name: string): readonly string[] {
  const rows = [...page.matchAll(/^ *\| `(packages\/[^`]+)` \| ((?:`\w+`(?:, )?)+) \|/gm)]
  return rows
    .filter(([, path = '']) => path.startsWith(`packages/${name}/`))
    .flatMap(([, path, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, each]) => `${path} ${each}`),
    )
    .sort()
}

it('every file that the page names exists', () => {
  const named = [...page.matchAll(/`(packages\/[\w./-]+)`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(join(WORKSPACE, path)))).toEqual([])
})

it('a circle is found where there is one', () => {
  const file = (path: string, ...imports: string[]) => ({ path, imports, text: '', packages: [] })
  expect(findCircle([file('a', 'b'), file('b', 'c'), file('c', 'b')])).toEqual(['b', 'c', 'b'])
  expect(findCircle([file('a', 'b', 'c'), file('b', 'c'), file('c')])).toBeUndefined()
})

it('module state is found where there is some', () => {
  const text = [
    'let count = 0',
    'const seen = new Map<string, number>()',
    'export const list: string[] = []',
    'const storage = new AsyncLocalStorage()',
    'const maker = new Maker()',
    "const NAMES = new Set(['a'])",
    'const PATTERN = new RegExp(text)',
    'const limit = 5',
    'function f() {',
    '  let inner = 0',
    '}',
  ].join('\n')
  const kept = moduleStateOf({ path: '', text, imports: [], packages: [] })
  expect(kept).toEqual(['count', 'seen', 'list', 'storage', 'maker'])
})
