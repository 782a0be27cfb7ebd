// Builds the page into assets/. Takes a second, and needs nothing that is built before.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const assets = join(import.meta.dirname, 'assets')
const caches = join(import.meta.dirname, 'node_modules', '.cache')
mkdirSync(caches, { recursive: true })
const folder = mkdtempSync(join(caches, 'page-'))

// Elsewhere first: a console that starts meanwhile finds the page that was built before, whole.
const built = join(folder, 'new')
try {
  await build({
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: built, emptyOutDir: true },
  })
  replace(assets, built, join(folder, 'old'))
} finally {
  rmSync(folder, { recursive: true })
}

function replace(path, by, aside) {
  try {
    renameSync(path, aside)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  try {
    renameSync(by, path)
  } catch (error) {
    // Another build at the same time was quicker, and has built the same.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  }
}
