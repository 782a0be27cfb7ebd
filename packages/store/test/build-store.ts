import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import store, { type StoreOptions } from '../src/index.js'

/** A line of the application's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly msg: string }

/** An app with a store, and what it has logged. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly log: Line[]
}

/**
 * Builds an app with core and a store; it is closed when the test ends. What waits for the end of the process by then has
 * it, so that the next test begins without a listener.
 */
export async function buildStore(options: StoreOptions): Promise<TestApp> {
  const isAlone = process.listenerCount('exit') === 0
  onTestFinished(() => {
    endProcess()
    if (isAlone) expect(process.listeners('exit')).toEqual([])
  })
  const log: Line[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'info', stream } })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'test', audit: false })
  await app.register(store, options)
  return { app, log }
}

/**
 * Calls whatever listens to the end of the process; the test runner does not. All applications share one listener, which an
 * earlier test's may have added: to leave out those that were there before would leave out this test's as well.
 */
export function endProcess(): void {
  for (const end of process.listeners('exit')) end.call(process, 0)
}

/** A folder that goes when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The files of records of an outbox, without its locks. */
export function filesIn(outboxPath: string): string[] {
  return readdirSync(outboxPath).filter((name) => name.endsWith('.ndjson'))
}
