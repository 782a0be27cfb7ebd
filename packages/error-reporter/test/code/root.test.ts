import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { rootOf } from '../../src/code/create-code-reader.js'
import { sourceFolder } from '../source/source-folder.js'

function workIn(folder: string): void {
  const before = process.cwd
  process.cwd = () => folder
  onTestFinished(() => {
    process.cwd = before
  })
}

it('the root is the one that was named, else the working directory', () => {
  const { root, write } = sourceFolder()
  const main = write('dist/main.js', '')
  write('package.json', '{}')
  workIn('/srv/app')
  expect(rootOf({ root: '/other' }, main)).toBe('/other')
  expect(rootOf({}, main)).toBe('/srv/app')
  workIn('/')
  expect(rootOf({ root: '/other' }, main)).toBe('/other')
  expect(rootOf({}, main)).toBe(root)
  expect(rootOf(false, main)).toBe(root)
  expect(rootOf({}, join('/', 'no', 'such', 'main.js'))).toBe('/')
})
