import { writeFileSync } from 'node:fs'
import { test } from 'vitest'
import { tryOut } from './service.mjs'

test('a module under vitest', async () => {
  writeFileSync('vitest.json', JSON.stringify(await tryOut('sqlite:./vitest.db')))
})
