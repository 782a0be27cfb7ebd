import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'programs', 'loading-order.mjs')
const run = promisify(execFile)
const major = Number(process.versions.node.split('.')[0])
const others = ['fetch', 'undici6', 'undici7', ...(major < 22 ? [] : ['undici8'])]

async function seenAfter(order: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [program, ...order])
  return JSON.parse(stdout)
}

/** All orders of one or two of the others, by a name of their own. */
function orders(): [name: string, order: string[]][] {
  const pairs = others.flatMap((first) =>
    others.filter((second) => second !== first).map((second) => [first, second]),
  )
  return [...others.map((one) => [one]), ...pairs].map((order) => [order.join(', then '), order])
}

describe('loading the log, registering it and declaring services change no dispatcher', () => {
  it('where there is none', { timeout: 60_000 }, async () => {
    expect(await seenAfter(['log'])).toEqual(await seenAfter([]))
  })

  it.each(orders())('nor that of %s', { timeout: 60_000 }, async (_name, order) => {
    const without = await seenAfter(order)
    for (let at = 0; at <= order.length; at++) {
      const withLog = [...order.slice(0, at), 'log', ...order.slice(at)]
      expect([withLog, await seenAfter(withLog)]).toEqual([withLog, without])
    }
  })
})
