import { describe, expect, it } from 'vitest'
import { type killOnce as KillOnce, reportKill } from '../src/scenarios/store-kill-window.js'

describe('what a kill has cost', () => {
  it('is what the journal has and the store has not, but for the last record', () => {
    const journal = 'a 10\nb 20\nc 30\nd 35\ne 36\nf 3'
    expect(reportKill(journal, new Set(['a', 'c']))).toEqual({
      written: 5,
      lost: 2,
      oldestLostMs: 16,
    })
    expect(reportKill(journal, new Set(['a', 'b', 'c', 'd']))).toEqual({
      written: 5,
      lost: 0,
      oldestLostMs: 0,
    })
  })

  it.skipIf(process.platform !== 'linux')(
    "is nothing with durability: 'process'",
    { timeout: 60_000 },
    async () => {
      // Its host is a program that was built.
      const built = new URL('../dist/scenarios/store-kill-window.js', import.meta.url).href
      const { killOnce } = (await import(built)) as { killOnce: typeof KillOnce }
      const { written, lost } = await killOnce('process')
      expect(written).toBeGreaterThan(100)
      expect(lost).toBe(0)
    },
  )
})
