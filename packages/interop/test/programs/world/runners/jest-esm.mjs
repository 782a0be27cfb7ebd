import { writeFileSync } from 'node:fs'
import { tryOut } from './service.mjs'

test('a module under Jest', async () => {
  writeFileSync('jest-esm.json', JSON.stringify(await tryOut('sqlite:./jest-esm.db')))
})
