import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IntegrationRecord } from '../src/record.js'
import { buildApp } from './build-app.js'
import { startUpstream, type Upstream } from './upstream/upstream.js'

const program = join(import.meta.dirname, 'programs', 'answering.mjs')
let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

/** What was answered by a process that was killed at the first answers, and what is stored of it. */
async function killed(
  durability: string,
): Promise<{ answered: string[]; records: IntegrationRecord[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'durability-'))
  const path = join(folder, 'scs.db')
  const child = spawn(process.execPath, [program, upstream.origin, path, durability])
  child.stderr.pipe(process.stderr)
  const [origin] = await once(child.stdout, 'data')
  const answered: string[] = []
  const calls = Array.from({ length: 8 }, (_none, at) => post(String(origin), `r-${at}`))
  for (const call of calls) void call.then((id) => id !== undefined && answered.push(id))
  await Promise.race(calls)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await Promise.all(calls)
  const { app, records } = await buildApp({ store: `sqlite:${path}` })
  const found = await records()
  await app.close()
  rmSync(folder, { recursive: true })
  return { answered, records: found }
}

/** The id, once the first byte of the answer is here; undefined when there is none. */
function post(origin: string, id: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request(origin, { method: 'POST', headers: { 'x-id': id }, agent: false })
    sent.once('response', (response) => {
      response.on('error', () => undefined)
      resolve(id)
    })
    sent.once('error', () => resolve(undefined)).end()
  })
}

/** What the calls of one request came to, by where they led. */
function callsOf(records: readonly IntegrationRecord[], id: string): Record<string, string> {
  const own = records.filter(({ requestId }) => requestId === id)
  const nameOf = ({ service, url }: IntegrationRecord): string =>
    service === 'upstream' ? new URL(String(url)).pathname : service
  return Object.fromEntries(own.map((record) => [nameOf(record), record.status]))
}

describe("durability: 'process'", () => {
  it('keeps all calls of every request that was answered before kill -9', {
    timeout: 120_000,
  }, async () => {
    let answers = 0
    for (let round = 0; round < 5; round++) {
      const { answered, records } = await killed('process')
      answers += answered.length
      for (const id of answered) {
        const { '/error': error, ...calls } = callsOf(records, id)
        expect(calls).toEqual({
          '/hangs': 'Queued',
          '/json': 'Completed',
          '/gzip': 'Completed',
          '/chunked': 'Completed',
          own: 'Completed',
          response: 'Failed',
          hook: 'Completed',
        })
        // Its body need not have come.
        expect(['Queued', 'Failed']).toContain(error)
      }
    }
    expect(answers).toBeGreaterThanOrEqual(5)
  })
})
