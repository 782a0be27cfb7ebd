import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publishedPackages, WORKSPACE } from '../src/workspace.js'

const REPOSITORY = 'https://github.com/fastify-scs/fastify-scs'

const ADAPTER = /^@fastify-scs\/store-/

/** The contents of all TypeScript below a folder. */
function textsOf(folder: string, ending = '.ts'): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n')
}

/** Links of Markdown, without those into the same page. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '')
  return [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
}

describe.each(publishedPackages())('$manifest.name', ({ folder, short, manifest }) => {
  it('says where its source, its issues and its page are', () => {
    expect(manifest).toMatchObject({
      license: 'MIT',
      homepage: `${REPOSITORY}/tree/main/packages/${short}#readme`,
      bugs: { url: `${REPOSITORY}/issues` },
      repository: {
        type: 'git',
        url: `git+${REPOSITORY}.git`,
        directory: `packages/${short}`,
      },
      engines: { node: '>=20.19' },
      // npm shows by which workflow and commit it was built.
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.description).toEqual(expect.stringMatching(/\S{3}/))
    expect((manifest.keywords as string[]).length).toBeGreaterThan(3)
  })

  it('names only files that are there', () => {
    const {
      bin = {},
      exports,
      sideEffects,
      types,
    } = manifest as unknown as {
      bin?: Record<string, string>
      exports: Record<string, string | Record<string, string>>
      sideEffects: boolean | string[]
      types: string
    }
    const exported = Object.values(exports).flatMap((each) =>
      typeof each === 'string' ? [each] : Object.values(each),
    )
    const effects = typeof sideEffects === 'boolean' ? [] : sideEffects
    const named = [...Object.values(bin), ...exported, ...effects, types]
    expect(named.filter((path) => !existsSync(join(folder, path)))).toEqual([])
    expect(manifest.files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'dist', 'src']))
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toContain(`## ${manifest.version}`)
  })

  it('has the version of all others', () => {
    const versions = publishedPackages().map((each) => each.manifest.version)
    expect(new Set(versions).size).toBe(1)
  })

  it('has a README whose links lead somewhere from the tarball too', () => {
    const links = linksOf(readFileSync(join(folder, 'README.md'), 'utf8'))
    const files = [...(manifest.files as string[]), 'package.json', 'README.md', 'LICENSE']
    const inside = (link: string): boolean =>
      files.some((file) => link === file || link.startsWith(`${file}/`)) &&
      existsSync(join(folder, link))
    const lost = links.filter((link) => {
      if (!/^[a-z]+:/.test(link)) return !inside(link.replace(/^\.\//, ''))
      const own = /^https:\/\/github\.com\/fastify-scs\/fastify-scs\/(?:blob|tree)\/main\/([^#]*)/
      const path = own.exec(link)?.[1]
      return path !== undefined && !existsSync(join(WORKSPACE, path))
    })
    expect(lost).toEqual([])
  })
})

describe.each(publishedPackages())('the dependencies of $manifest.name', ({ folder, manifest }) => {
  it('are all named by its source or its types', () => {
    const { dependencies = {} } = manifest as { dependencies?: Record<string, string> }
    const written = textsOf(join(folder, 'src')) + textsOf(join(folder, 'dist'), '.d.ts')
    // A store's adapter is imported by its short name, which stands in the URL.
    const named = (name: string): boolean =>
      written.includes(`'${name}`) || written.includes(`"${name}`) || ADAPTER.test(name)
    expect(Object.keys(dependencies).filter((name) => !named(name))).toEqual([])
  })
})
