import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WORKSPACE } from './source-files.js'

/* The programs of .ci run by hand or before a release, when it is too late to find that one no longer starts. */

const FOLDER = join(WORKSPACE, '.ci')

it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.mjs')))(
  'what .ci/%s imports of the workspace is there',
  (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    const missing = [...text.matchAll(/\sfrom '(\.[^']+)'/g)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(FOLDER, path)))
    expect(missing).toEqual([])
  },
)
