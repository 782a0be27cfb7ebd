import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

// A run of vitest of its own, without the tests of this one.
const FOLDER = fileURLToPath(new URL('run-of-one/', import.meta.url))

it.each([
  ['passes', 0],
  ['fails', 1],
])(
  'a run of one test that %s ends with code %i, also when PostgreSQL was started for it',
  async (file, expected) => {
    const vitest = fileURLToPath(new URL('../vitest.mjs', import.meta.resolve('vitest')))
    const args = [vitest, 'run', '--root', FOLDER, file]
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: FOLDER }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, output: stdout + stderr }),
      )
    })
    expect(output).toMatch(expected === 0 ? /1 passed/ : /1 failed/)
    expect(output).not.toContain('TypeError')
    expect(code).toBe(expected)
  },
)
