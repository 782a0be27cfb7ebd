import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './examples/find-examples.js'

/* What holds for each page that is written for people: links lead somewhere, tables are not padded, all can be found. */

const OURS = 'https://github.com/fastify-scs/fastify-scs/'

/** All pages, from the repository's folder. */
const PAGES: readonly string[] = [
  'README.md',
  '.github/CONTRIBUTING.md',
  ...readdirSync(join(REPOSITORY, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' }).map(
    (name) => `docs/${name}`,
  ),
].filter((page) => page.endsWith('.md') && existsSync(join(REPOSITORY, page)))

const textOf = (page: string): string => readFileSync(join(REPOSITORY, page), 'utf8')
const proseOf = (page: string): string => textOf(page).replace(/^ *```[\s\S]*?^ *```/gm, '')

/** Where the links of a page lead within the repository: the path, and the heading. */
function linksOf(page: string): readonly (readonly [path: string, heading: string])[] {
  const inText = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
  const below = [...proseOf(page).matchAll(/^\[[^\]]+\]: (\S+)$/gm)]
  return [...inText, ...below].flatMap(([, link = '']) => {
    const own = link.replace(
      /^https:\/\/github\.com\/fastify-scs\/fastify-scs\/(?:blob|tree)\/main\//,
      OURS,
    )
    if (/^[a-z]+:/.test(own) && !own.startsWith(OURS)) return []
    const [path = '', heading = ''] = own.replace(OURS, '').split('#')
    const folder = own.startsWith(OURS) ? '' : dirname(page)
    return [[path === '' ? page : join(folder, path), heading] as const]
  })
}

/** The names by which GitHub links to the headings of a page. */
function headingsOf(page: string): readonly string[] {
  const titles = proseOf(page).matchAll(/^#+ (.+)$/gm)
  return [...titles].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/\]\([^)]*\)/g, '')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe.each(PAGES)('%s', (page) => {
  it('links to files and headings that are there', () => {
    const lost = linksOf(page).filter(([path, heading]) => {
      if (!existsSync(join(REPOSITORY, path))) return true
      return heading !== '' && path.endsWith('.md') && !headingsOf(path).includes(heading)
    })
    expect(lost.map((link) => link.join('#'))).toEqual([])
  })

  it('has no table that is padded', () => {
    const rows = proseOf(page)
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(rows.filter((row) => /\S {2,}\||\| {2,}\S|-{4,} \|/.test(row))).toEqual([])
  })
})

it('the page of contents names each guide', () => {
  const named = linksOf('docs/README.md').map(([path]) => path)
  const guides = readdirSync(join(REPOSITORY, 'docs/guides')).map((name) => `docs/guides/${name}`)
  expect(guides.filter((guide) => !named.includes(guide))).toEqual([])
})

it('each picture is shown on a page, and is no larger than 200 KB', () => {
  const shown = new Set(PAGES.flatMap(linksOf).map(([path]) => path))
  const folder = join(REPOSITORY, 'docs/images')
  const pictures = readdirSync(folder).map((name) => join(folder, name))
  expect(pictures.length).toBeGreaterThan(1)
  expect(pictures.filter((path) => !shown.has(relative(REPOSITORY, path)))).toEqual([])
  expect(pictures.filter((path) => statSync(path).size > 200_000)).toEqual([])
})

it('the order of registration is said on one page only', () => {
  const order = 'store, error-reporter, slow-call, query-log, integration-log'
  expect(PAGES.filter((page) => textOf(page).includes(order))).toEqual(['packages/core/README.md'])
})
