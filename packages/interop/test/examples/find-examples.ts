import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../../', import.meta.url))

/** One block of code in a page. */
export interface Example {
  /** The page, from the repository's folder. */
  readonly page: string
  /** The line of the fence; the code begins in the next one. */
  readonly line: number
  /** What stands behind the fence: `ts`, `sh` ... */
  readonly language: string
  readonly code: string
  /** The names that the line `<!-- given: name, other -->` before the fence says are the reader's own. */
  readonly given: readonly string[]
}

/** All blocks of every README and of every page of `docs`. */
export function findExamples(): readonly Example[] {
  const readmes = readdirSync(join(REPOSITORY, 'packages')).map((name) =>
    join('packages', name, 'README.md'),
  )
  const docs = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
  const pages = ['README.md', ...readmes, ...docs.map((name) => join('docs', name))]
  return pages.filter((page) => page.endsWith('.md')).flatMap(examplesOf)
}

function examplesOf(page: string): readonly Example[] {
  const path = join(REPOSITORY, page)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    // A package that is not published needs no README.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const examples: Example[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const fence = /^ *(`{3,})(\S*)/.exec(lines[at] as string)
    if (fence === null) continue
    const [, marks = '', language = ''] = fence
    const end = lines.findIndex((line, index) => index > at && line.trim() === marks)
    if (end === -1) throw new Error(`${relative(REPOSITORY, path)}:${at + 1}: a fence has no end`)
    const code = lines.slice(at + 1, end).join('\n')
    examples.push({ page, line: at + 1, language, code, given: givenBefore(lines, at) })
    at = end
  }
  return examples
}

function givenBefore(lines: readonly string[], fence: number): readonly string[] {
  const before = lines.slice(0, fence).findLast((line) => line.trim() !== '') ?? ''
  const names = /^ *<!-- given: ([\w$, ]+) -->$/.exec(before)?.[1] ?? ''
  return names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}
