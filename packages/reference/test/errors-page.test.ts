import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { renderErrorsPage } from '../src/index.js'

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference', 'errors.md')

it('docs/reference/errors.md is what the code says', async () => {
  expect(readFileSync(page, 'utf8')).toBe(await renderErrorsPage())
})
