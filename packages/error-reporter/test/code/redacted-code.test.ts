import { expect, it, onTestFinished } from 'vitest'
import { redactedCode } from '../../src/code/redacted-code.js'
import { buildApp } from '../build-app.js'
import { sourceFolder } from '../source/source-folder.js'

const KEY_LINES = Array.from({ length: 24 }, () => 'MIIhunter2'.padEnd(60, 'A'))
const KEY = ['-----BEGIN PRIVATE KEY-----', ...KEY_LINES, '-----END PRIVATE KEY-----']

const secrets: Record<string, readonly string[]> = {
  'in quotes': ["const password = 'hunter2'", 'fail()'],
  'with a type': ["const password: string = 'hunter2'", 'fail()'],
  'on the next line': ['const password =', "  'hunter2'", 'fail()', 'a()', 'b()'],
  'on the next line, with Windows line ends': ['const password =\r', "  'hunter2'\r", 'fail()\r'],
  'in a template': ['const password = `hunter2', 'hunter2', 'hunter2', 'fail()', 'hunter2`', 'a()'],
  'in a list': ['const apiKeys = [', "  'hunter2',", '  fail(),', "  'hunter2',", ']', 'a()'],
  'in an object': ['const credentials = {', "  user: 'a',", "  value: 'hunter2',", '}', 'fail()'],
  'in a URL': ["connect('postgres://bob:hunter2@host/db')"],
  'in a header': ["const headers = { authorization: 'Bearer hunter2' }"],
  'in a comment': ['/*', ' * password: hunter2', ' */', 'fail()'],
  'in a tag': ['<Login password="hunter2" />', "<Login password={'hunter2'} />"],
  'in YAML': ['const yaml = `', 'db:', '  password: hunter2', '`', 'fail()'],
  'in a default': ["const { password = 'hunter2' } = options"],
  'after a cut': [`a('${'a'.repeat(375)}', 'postgres://bob:hunter2hunter2@host/db')`, 'fail()'],
  'of a private key': ['const key = `', ...KEY, '`', 'fail()'],
  'of a private key in a list': ['const key = [', ...KEY.map((line) => `  '${line}',`), ']'],
}

it.each(Object.entries(secrets))(
  'a secret %s is not shown, around any line',
  async (_how, code) => {
    const { app } = await buildApp()
    onTestFinished(() => app.close())
    const { find, write } = sourceFolder()
    const file = write('orders.js', `${code.join('\n')}\nend()\n`)
    for (let line = 1; line <= code.length + 1; line++) {
      const found = find(file, line)
      if (found === undefined) throw new Error(`nothing around line ${line}`)
      const { lines } = redactedCode(found, app.scs.redactor)
      expect(lines.join('\n')).not.toContain('hunter2')
      expect(lines).toHaveLength(found.lines.length)
      if (line === code.length + 1) expect(lines.at(-1)).toBe('end()')
    }
  },
)

it('lines above are not shown, and those below a secret are', async () => {
  const { app } = await buildApp()
  onTestFinished(() => app.close())
  const { find, write } = sourceFolder()
  const code = ['above()', 'const password = `', 'hunter2', 'hunter2`', 'fail()', 'last()']
  const found = find(write('orders.js', code.join('\n')), 5)
  if (found === undefined) throw new Error('nothing was found')
  const { first_line, lines } = redactedCode(found, app.scs.redactor)
  expect([first_line, ...lines]).toEqual([3, '[redacted]', '[redacted]', 'fail()', 'last()'])
})
