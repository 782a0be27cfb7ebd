import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { describe, expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)
const program = fileURLToPath(new URL('programs/reporting.mjs', import.meta.url))

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'reporting-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** What a program has reported that ends by itself. */
async function reportsOf(how: string): Promise<readonly CrashReport[]> {
  const path = join(folder(), 'reports')
  await run(process.execPath, [program, how, path], { timeout: 30_000 })
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as CrashReport)
}

describe('a program', () => {
  it('that has nothing else to do ends when its report is delivered, with its code', async () => {
    const [report, ...more] = await reportsOf('silent')
    expect(more).toEqual([])
    expect(report?.code[0]?.file).toContain('programs/reporting.mjs')
  })

  it('is not kept alive by a thread that does not answer', async () => {
    expect(await reportsOf('stalled')).toMatchObject([{ code: [] }])
  })

  it('that ends at once has delivered its report, without its code', async () => {
    expect(await reportsOf('ended')).toMatchObject([{ code: [] }])
  })

  it('that reports nothing has no thread', async () => {
    const { stdout } = await run(process.execPath, [program, 'quiet', join(folder(), 'reports')])
    expect(stdout).toBe('false\ndone\n')
  })
})

it('kill -9 loses none of 150 reports whose code is being read', async () => {
  const path = folder()
  const child = spawn(process.execPath, [program, 'killed', path])
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (text) => /done/.test(text) && resolve()),
  )
  const ended = new Promise((resolve) => child.on('exit', resolve))
  child.kill('SIGKILL')
  await ended
  const files = readdirSync(path).filter((name) => !name.endsWith('.lock'))
  const text = files.map((name) => readFileSync(join(path, name), 'utf8')).join('')
  const numbers = new Set(Array.from(text.matchAll(/"data":\{"n":(\d+)\}/g), ([, n]) => Number(n)))
  expect(numbers.size).toBe(150)
  expect(text).toContain('"code":[]')
})
