import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const launcher = join(import.meta.dirname, '..', '..', '..', 'demo', 'start.mjs')

/** The demo as a user starts it. */
export interface DemoProcess {
  /** `http://127.0.0.1:<port>`. */
  readonly address: string
  /** Where its console is, with a slash at the end. */
  readonly consoleUrl: string
  /** The path of its SQLite file. */
  readonly database: string
  stop(): Promise<void>
}

/** Starts the demo, and waits until its script is through. */
export async function startDemo(): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'scs-console-demo-'))
  const args = [launcher, '--port', '0', '--folder', folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  // After its script; a demo that fails closes its output before.
  while (!/^The console is at .+$/m.test(text) && child.exitCode === null) {
    await Promise.race([once(child.stdout, 'data'), closed])
  }
  const found = (pattern: RegExp): string => {
    const [, value] = pattern.exec(text) ?? []
    if (value === undefined) throw new Error(`The demo did not print ${pattern}:\n${text}`)
    return value
  }
  return {
    address: found(/^The orders service listens on (\S+)$/m),
    consoleUrl: found(/^The console is at (\S+)$/m),
    database: found(/^The store is (.+)$/m),
    stop: async () => {
      child.kill()
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
