const { writeFileSync } = require('node:fs')

test('CommonJS under Jest', async () => {
  const { tryOut } = await import('./service.mjs')
  writeFileSync('jest-commonjs.json', JSON.stringify(await tryOut('sqlite:./jest-commonjs.db')))
})
