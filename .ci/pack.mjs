import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '..', 'packages')

/** Packs every public package and returns its name, its folder and the path of its tarball. */
export function packAll() {
  const destination = mkdtempSync(join(tmpdir(), 'scs-tarballs-'))
  return readdirSync(packages)
    .map((folder) => join(packages, folder))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const args = ['pnpm', 'pack', '--json', '--pack-destination', destination]
      const packed = execFileSync('corepack', args, { cwd: folder, encoding: 'utf8' })
      return { name: manifest.name, folder, tarball: JSON.parse(packed).filename }
    })
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
