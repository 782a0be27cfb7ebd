import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from './examples/find-examples.js'

/* The one table of docs/guides/interoperation.md: its tests are there, and its versions are the ones that these tests run with. */

const PAGE = join(REPOSITORY, 'docs/guides/interoperation.md')
const MAX_LINE_CHARS = 160
const text = readFileSync(PAGE, 'utf8')

interface Line {
  /** The package's name on npm; undefined for what is no package, such as Node's cluster. */
  readonly name: string | undefined
  readonly version: string
  /** The names of the links to its tests, of which there is at least one. */
  readonly tests: readonly string[]
}

const rows = text.split('\n').filter((line) => line.startsWith('|'))
const lines = rows.slice(2).map((row): Line => {
  const cells = row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
  const [what = '', version = '', , , test = ''] = cells
  return {
    name: /^`([^`]+)`/.exec(what)?.[1],
    version,
    tests: [...test.matchAll(/\[([^\]]+)\]/g)].map(([, name = '']) => name),
  }
})
const targets = new Map(
  [...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name, target]) => [name, target]),
)

function installedVersion(name: string): string {
  const file = join(REPOSITORY, 'packages/interop/node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

describe('the table of what runs beside what', () => {
  it('has lines, each with five cells and none wider than a screen', () => {
    expect(lines.length).toBeGreaterThan(0)
    for (const row of rows) {
      expect(row.slice(1, -1).split('|'), row).toHaveLength(5)
      expect(row.length, row).toBeLessThanOrEqual(MAX_LINE_CHARS)
    }
  })

  it.each(lines.filter(({ name }) => name !== undefined))(
    'names the version of $name that is installed: $version',
    ({ name = '', version }) => expect(installedVersion(name)).toBe(version),
  )

  it.each(lines)('links from $name to tests that are there', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0)
    for (const test of tests) {
      const target = targets.get(test)
      expect(target, test).toMatch(/\.test\.ts$/)
      expect(existsSync(join(dirname(PAGE), target ?? '')), target).toBe(true)
    }
  })
})
