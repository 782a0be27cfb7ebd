import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp, only } from './build-app.js'

const program = join(import.meta.dirname, 'programs', 'caller.mjs')

let upstream: Server
let origin: string
beforeAll(async () => {
  upstream = createServer((_request, response) => response.end('the answer')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
})
afterAll(() => upstream.close())

describe('a call that has just ended is recorded when the process ends', () => {
  it.each(['exit', 'throw', 'signal'])('by %s', { timeout: 60_000 }, async (how) => {
    const folder = mkdtempSync(join(tmpdir(), 'process-end-'))
    const path = join(folder, 'scs.db')
    await once(spawn(process.execPath, [program, origin, path, how]), 'exit')
    const { app, records } = await buildApp({ store: `sqlite:${path}` })
    expect(only(await records())).toMatchObject({ status: 'Completed', output: 'the answer' })
    await app.close()
    rmSync(folder, { recursive: true })
  })
})
