import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, 'programs', 'unheard.mjs')

interface Line {
  readonly level: number
  readonly msg: string
  readonly report?: { readonly title: string }
  readonly slowCall?: { readonly title: string }
  readonly stats?: readonly object[]
}

/** Runs the program to its end; the lines of both outputs. */
async function run(
  logger: string,
  plugin: string,
): Promise<{ readonly stdout: readonly Line[]; readonly stderr: readonly Line[] }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, logger, plugin])
  const lines = (text: string): Line[] =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
  return { stdout: lines(stdout), stderr: lines(stderr) }
}

describe('an application without a logger', { timeout: 30_000 }, () => {
  it('has its reports on the standard error output, after one hint', async () => {
    const { stderr, stdout } = await run('none', 'reporter')
    expect(stderr).toMatchObject([
      { msg: expect.stringContaining('the application has no logger') },
      { level: 50, report: { title: expect.stringContaining('GET /crash: password=[redacted]') } },
      { level: 40, report: { title: 'NON-FATAL BACKEND ERROR orders GET /told: Oops' } },
    ])
    expect(stdout[0]?.stats).toMatchObject([{ name: 'log', delivered: 2, undelivered: 0 }])
  })

  it('has its slow calls there, where nothing else handles them', async () => {
    const { stderr } = await run('none', 'slow')
    expect(stderr).toMatchObject([
      { msg: expect.stringContaining('the application has no logger') },
      { level: 40, slowCall: { title: 'GET /slow calltime exceeded 1 millisec!' } },
    ])
  })
})

it.each(['silent', 'plain'])(
  'an application with a %s logger has nothing there: its logger is its own choice',
  { timeout: 30_000 },
  async (logger) => {
    const { stdout, stderr } = await run(logger, 'reporter')
    expect(stderr).toEqual([])
    const reports = stdout.filter(({ report }) => report !== undefined)
    expect(reports).toHaveLength(logger === 'plain' ? 2 : 0)
  },
)
