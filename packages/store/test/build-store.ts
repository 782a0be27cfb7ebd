import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import store, { type StoreOptions } from '../src/index.js'

/** A process id that is more than Linux hands out. */
const NO_PID = 2 ** 30

/** A line of the application's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly msg: string }

/** An app with a store, and what it has logged. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly log: Line[]
}

/** Builds an app with core and a store; it is closed when the test ends. */
export async function buildStore(options: StoreOptions): Promise<TestApp> {
  const log: Line[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'info', stream } })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'test', audit: false })
  await app.register(store, options)
  return { app, log }
}

/** A folder that goes when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Renames the files of an outbox as those of a process that is gone. */
export function pretendToBeGone(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [host, , ...rest] = name.split('~')
    renameSync(join(folder, name), join(folder, [host, NO_PID, ...rest].join('~')))
  }
}
