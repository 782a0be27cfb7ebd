import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'programs', 'loading-order.mjs')
const run = promisify(execFile)
const major = Number(process.versions.node.split('.')[0])
const others = ['fetch', 'undici6', 'undici7', ...(major < 22 ? [] : ['undici8'])]

/** What a process has seen before the first load and after each. */
async function seenAround(order: readonly string[]): Promise<unknown[]> {
  const { stdout } = await run(process.execPath, [program, ...order])
  return JSON.parse(stdout)
}

/** All orders of two of the others; each of them alone is the beginning of one. */
function pairs(): [first: string, second: string][] {
  return others.flatMap((first) =>
    others.filter((second) => second !== first).map((second): [string, string] => [first, second]),
  )
}

describe('loading the log, registering it and declaring services change no dispatcher', () => {
  it.each(pairs())('where there is none, nor that of %s, nor that of %s then', async (...order) => {
    // Where the log comes last, what is seen before it is what is seen without it.
    const last = await seenAround([...order, 'log'])
    const without = last.slice(0, -1)
    expect(last).toEqual([...without, without[2]])
    expect(await seenAround(['log', ...order])).toEqual([without[0], ...without])
    const between = [without[0], without[1], without[1], without[2]]
    expect(await seenAround([order[0], 'log', order[1]])).toEqual(between)
  })
})
