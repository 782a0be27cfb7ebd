import { describe, expect, it } from 'vitest'
import { holdContest } from '../src/measure/contest.js'

const module = new URL('../dist/programs/blocked-watch.js', import.meta.url)
const once = { turns: 1, warmUpTurns: 0, rounds: 1 }

describe.skipIf(process.platform !== 'linux')(
  'the program of the scenario blocked-watch',
  { timeout: 60_000 },
  () => {
    it('is idle, watched or not', async () => {
      const program = (variant: string) => ({ module, args: [variant, 'idle', '50'] })
      const programs = { watched: program('watched'), unwatched: program('unwatched') }
      const [[turn] = []] = await holdContest({ ...once, programs })
      for (const name of ['watched', 'unwatched'])
        expect(turn?.[name]).toMatchObject({ turnMs: 50, rssBytes: expect.any(Number) })
    })

    it('blocks its event loop, watched or not', async () => {
      const program = (variant: string) => ({ module, args: [variant, 'blocking', '1000'] })
      const programs = { watched: program('watched'), unwatched: program('unwatched') }
      const [[turn] = []] = await holdContest({ ...once, programs })
      for (const name of ['watched', 'unwatched'])
        expect(turn?.[name]?.blockedMs).toBeGreaterThan(0)
    })
  },
)
