import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, 'programs', 'crash.mjs')

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'error-reporter-')), 'reports.jsonl')
})
afterEach(() => rmSync(join(path, '..'), { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly reports: readonly CrashReport[]
}

/** Runs the program to its end; nothing but its own reports is waited for. */
async function crash(how: string, reporter: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, how, reporter, path])
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  return { code, stdout, stderr, reports: lines.map((line) => JSON.parse(line) as CrashReport) }
}

describe('captureProcessErrors', { timeout: 30_000 }, () => {
  it('reports an uncaught exception, redacted, and the process ends as Node ends it', async () => {
    const { code, stderr, reports } = await crash('uncaught', 'file')
    expect(code).toBe(1)
    expect(stderr).toContain('Error: password=hunter2 is lost\n    at ')
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject({
      is_fatal_error: true,
      error_caught: { name: 'Error', code: 'E_LOST' },
      request: null,
    })
    expect(reports[0]?.title).toMatch(
      /^FATAL BACKEND ERROR orders 500 UNCAUGHT_EXCEPTION: process: password=/,
    )
    expect(reports[0]?.trace.join('\n')).toContain('crash.mjs')
    expect(JSON.stringify(reports)).not.toContain('hunter2')
  })

  it('reports an unhandled rejection', async () => {
    const { code, reports } = await crash('rejected', 'file')
    expect(code).toBe(1)
    expect(reports[0]?.title).toBe(
      'FATAL BACKEND ERROR orders 500 UNHANDLED_REJECTION: process: nobody waits',
    )
  })

  it('reports a thrown value that is not an error', async () => {
    const { code, reports } = await crash('value', 'file')
    expect(code).toBe(1)
    expect(reports[0]?.error_caught).toBe('only a text')
  })

  it('shows the request in which it happened, where request context is on', async () => {
    const { reports } = await crash('request', 'file')
    expect(reports[0]).toMatchObject({ request: { method: 'GET', path: '/' } })
  })

  it('writes to the standard error output when no reporter is synchronous', async () => {
    const { code, stderr } = await crash('uncaught', 'never')
    expect(code).toBe(1)
    const line = stderr.split('\n').find((text) => text.startsWith('{'))
    expect(JSON.parse(line ?? '')).toMatchObject({ is_fatal_error: true })
  })

  it('writes reports that are not delivered yet to the log', async () => {
    const { stdout, reports } = await crash('queued', 'both')
    expect(reports.map(({ title }) => title.slice(0, 9))).toEqual(['NON-FATAL', 'FATAL BAC'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        reporter: 'never',
        reason: 'the process ends',
        report: { title: 'NON-FATAL BACKEND ERROR orders: Still on its way' },
      },
    ])
  })

  it('leaves a process alive that catches the exception itself, and delivers as usual', async () => {
    const { code, reports, stderr } = await crash('caught', 'file')
    expect([code, stderr]).toEqual([0, ''])
    expect(reports).toHaveLength(1)
  })

  it('keeps no process alive, and reports nothing when nothing fails', async () => {
    expect(await crash('none', 'file')).toEqual({ code: 0, stdout: '', stderr: '', reports: [] })
  })
})
