import { describe, expect, it } from 'vitest'
import { holdServerContest } from '../src/measure/contest.js'
import { REQUESTS_PER_BURST } from '../src/measure/contestant.js'
import { burstFigure, reportFigure } from '../src/report/figure.js'
import { tinySide } from './tiny-side.js'

const ONCE = { turns: 1, warmUpTurns: 0, rounds: 1, sameBody: true }
const SLOW_US = 1_000

describe.skipIf(process.platform !== 'linux')('holdServerContest', { timeout: 60_000 }, () => {
  it('measures a burst of each server in turn', async () => {
    const servers = { one: tinySide('one'), slow: tinySide('slow'), too: tinySide('one-too') }
    const taken = await holdServerContest({ ...ONCE, servers })
    const sides = { a: 'one', b: 'slow', noise: null }
    const { value, absolute } = reportFigure('tiny', burstFigure('slow', sides, null), taken)
    expect(value).toBeGreaterThan(1)
    expect(absolute.a).toBeLessThan(SLOW_US)
    expect(absolute.b).toBeGreaterThanOrEqual(SLOW_US)
  })

  it('fails when bodies differ that must not, and names the servers', async () => {
    const servers = { one: tinySide('one'), other: tinySide('two') }
    await expect(holdServerContest({ ...ONCE, servers })).rejects.toThrow(
      'The bodies differ: one {"id":1}, other {"id":2}',
    )
    expect(await holdServerContest({ ...ONCE, servers, sameBody: false })).toHaveLength(1)
  })

  it('waits for what each burst leaves behind', async () => {
    const awaited: number[] = []
    const deliveries = async (count: number) => {
      awaited.push(count)
    }
    await holdServerContest({ ...ONCE, servers: { one: { ...tinySide('one'), deliveries } } })
    // The one that compares bodies and the one that counts.
    expect(awaited).toEqual(Array(2).fill(REQUESTS_PER_BURST))
  })

  it('fails when that does not arrive', async () => {
    const deliveries = () => Promise.reject(new Error('lost'))
    const servers = { one: { ...tinySide('one'), deliveries } }
    await expect(holdServerContest({ ...ONCE, servers })).rejects.toMatchObject({
      message: 'A burst to tiny-server.mjs one failed',
      cause: { message: 'lost' },
    })
  })
})
