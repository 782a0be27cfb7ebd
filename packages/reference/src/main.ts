import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderErrorsPage } from './errors-page.js'

const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference', 'errors.md')
writeFileSync(path, await renderErrorsPage())
console.log(`Wrote ${path}`)
