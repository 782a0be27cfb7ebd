import { readFileSync } from 'node:fs'
import type { Side } from '../src/measure/side.js'

/** A variant of the tiny server as a side of a pair. */
export function tinySide(variant: string, expectedStatus = 200): Side {
  const module = new URL('programs/tiny-server.mjs', import.meta.url)
  return { module, variant, request: { method: 'GET', path: '/' }, expectedStatus }
}

/** Whether a process still runs; one that has ended and waits for its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
