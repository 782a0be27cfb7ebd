import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '..', 'packages')

/** Packs every public package and returns its name, its folder, the path of its tarball and the files in it. */
export function packAll() {
  const destination = mkdtempSync(join(tmpdir(), 'scs-tarballs-'))
  return readdirSync(packages)
    .map((folder) => join(packages, folder))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const args = ['pnpm', 'pack', '--json', '--pack-destination', destination]
      const packed = execFileSync('corepack', args, { cwd: folder, encoding: 'utf8' })
      const { filename, files } = JSON.parse(packed)
      return {
        name: manifest.name,
        folder,
        tarball: filename,
        files: files.map(({ path }) => path),
      }
    })
}

/** What the page of the console names and its tarball lacks: nothing, unless the page was not built. */
export function missingOfPage({ folder, files }) {
  const page = 'assets/index.html'
  if (!files.includes(page)) return [page]
  const html = readFileSync(join(folder, page), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
    ([, path]) => `assets/${path}`,
  )
  if (named.length < 2) return ['a script and a style sheet']
  return named.filter((path) => !files.includes(path))
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
