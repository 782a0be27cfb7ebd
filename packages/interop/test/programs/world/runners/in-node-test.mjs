import { writeFileSync } from 'node:fs'
import test from 'node:test'
import { tryOut } from './service.mjs'

test('a module under node:test', async () => {
  writeFileSync('node-test.json', JSON.stringify(await tryOut('sqlite:./node-test.db')))
})
