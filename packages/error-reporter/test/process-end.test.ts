import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, 'programs', 'ending.mjs')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-end-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What the log has, on the standard output or the standard error output. */
  readonly lines: readonly Line[]
  readonly stderr: string
}

interface Line {
  readonly msg: string
  readonly reason?: string
  readonly report?: { readonly title: string }
}

/** Runs the program to its end. */
async function end(how: string, reporters: string): Promise<Ended> {
  const child = spawn(process.execPath, [program, how, reporters, folder])
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      texts[name] += chunk
    })
  }
  const [code, signal] = await once(child, 'close')
  const lines = `${texts.stdout}\n${texts.stderr}`
    .split('\n')
    .filter((line) => line.startsWith('{'))
  return {
    code,
    signal,
    lines: lines.map((line) => JSON.parse(line) as Line),
    stderr: texts.stderr,
  }
}

/** The titles of reports, sorted. */
function titlesOf(lines: readonly Line[]): string[] {
  return lines.flatMap(({ report }) => (report === undefined ? [] : [report.title])).sort()
}

async function storedTitles(): Promise<string[]> {
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(store, { url: `sqlite:${join(folder, 'scs.db')}` })
  await app.scsStore.flush()
  const { items } = await app.scsStore.find('reports')
  await app.close()
  return items.map(({ keys }) => String(keys.summary)).sort()
}

const SLOW = 'NON-FATAL BACKEND ERROR orders GET /slow: GET /slow calltime exceeded 1 millisec!'
const QUEUED = 'NON-FATAL BACKEND ERROR orders: Still on its way'
const CRASH = /^FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET \/crash: password=\[redacted\]/
const ALL = [expect.stringMatching(CRASH), SLOW, QUEUED]
const HOWS = ['exit', 'throw', 'SIGTERM', 'SIGINT', 'handled']

describe('reports that wait when a process ends', { timeout: 60_000 }, () => {
  it.each(HOWS)('by %s are in the log, where it is the reporter', async (how) => {
    const { lines } = await end(how, '')
    expect(titlesOf(lines)).toEqual(ALL)
  })

  it.each(HOWS)('by %s are in the log, where their reporter is not synchronous', async (how) => {
    const { lines } = await end(how, 'never')
    expect(titlesOf(lines)).toEqual(ALL)
    const undelivered = lines.filter(({ report }) => report !== undefined)
    expect(new Set(undelivered.map(({ msg }) => msg))).toEqual(
      new Set(['a report was not delivered']),
    )
  })

  it.each(HOWS)('by %s are in the store', async (how) => {
    await end(how, 'never,store')
    expect(await storedTitles()).toEqual(ALL)
  })

  it('are in the file of a reporter that writes one', async () => {
    await end('SIGTERM', 'file')
    const lines = readFileSync(join(folder, 'reports.jsonl'), 'utf8').trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { title: string }).title).sort()).toEqual(ALL)
  })

  it('are on the standard error output, where the application has no logger', async () => {
    const { lines, stderr } = await end('SIGTERM', 'never,unlogged')
    expect(titlesOf(lines)).toEqual(ALL)
    expect(stderr.match(/the application has no logger/g)).toHaveLength(1)
  })

  it('leave the end of the process as it was', async () => {
    expect(await end('exit', '')).toMatchObject({ code: 0, signal: null })
    expect(await end('throw', '')).toMatchObject({ code: 1, signal: null })
    expect(await end('SIGTERM', '')).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(await end('SIGINT', 'store')).toMatchObject({ code: null, signal: 'SIGINT' })
    expect(await end('handled', 'store')).toMatchObject({ code: 0, signal: null })
  })
})

describe("with the store's durability 'process'", { timeout: 60_000 }, () => {
  it('no report of an error is lost by kill -9, though its answer has not ended', async () => {
    expect(await end('SIGKILL', 'never,durable')).toMatchObject({ signal: 'SIGKILL' })
    expect(existsSync(join(folder, 'reports.jsonl'))).toBe(false)
    expect(await storedTitles()).toEqual([expect.stringMatching(CRASH), QUEUED])
  })

  it('no report is stored twice', async () => {
    await end('SIGTERM', 'never,durable')
    expect(await storedTitles()).toEqual(ALL)
  })
})
