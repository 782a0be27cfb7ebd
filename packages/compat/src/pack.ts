import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PublishedPackage, publishedPackages } from './workspace.js'

/** A package as it would be published. */
export interface PackedPackage extends PublishedPackage {
  readonly name: string
  /** The absolute path of its tarball. */
  readonly tarball: string
  /** The paths in it. */
  readonly files: readonly string[]
}

/** Packs every package that is published, as it is built now. */
export function packAll(): readonly PackedPackage[] {
  const destination = mkdtempSync(join(tmpdir(), 'scs-tarballs-'))
  return publishedPackages().map((each) => {
    const args = ['pnpm', 'pack', '--json', '--pack-destination', destination]
    const packed: { filename: string; files: { path: string }[] } = JSON.parse(
      execFileSync('corepack', args, { cwd: each.folder, encoding: 'utf8' }),
    )
    return {
      ...each,
      name: each.manifest.name,
      tarball: packed.filename,
      files: packed.files.map(({ path }) => path),
    }
  })
}

/** What the page of the console names and its tarball lacks: nothing, unless the page was not built. */
export function missingOfPage({ folder, files }: PackedPackage): readonly string[] {
  const page = 'assets/index.html'
  if (!files.includes(page)) return [page]
  const html = readFileSync(join(folder, page), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
    ([, path]) => `assets/${path}`,
  )
  if (named.length < 2) return ['a script and a style sheet']
  return named.filter((path) => !files.includes(path))
}
