import { describe, expect, it } from 'vitest'
import { holdContest } from '../src/measure/contest.js'

const module = new URL('../dist/programs/queries.js', import.meta.url)
const once = { turns: 1, warmUpTurns: 0, rounds: 1 }

describe.skipIf(process.platform !== 'linux')('the program of the query scenarios', () => {
  it('runs each of its queries, observed or not', async () => {
    const program = (variant: string) => ({
      module,
      args: ['better-sqlite3', variant, '', '1', '3', '4'],
    })
    const programs = { bare: program('bare'), observed: program('observed') }
    const [[turn] = []] = await holdContest({ ...once, programs })
    expect(turn?.bare).toMatchObject({ calls: 12 })
    expect(turn?.observed).toMatchObject({ calls: 12 })
  })
})
