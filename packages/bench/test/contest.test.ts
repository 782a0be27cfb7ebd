import { describe, expect, it } from 'vitest'
import { holdContest } from '../src/measure/contest.js'
import { isRunning } from './tiny-side.js'

const counter = (step: string) => ({
  module: new URL('programs/counter.mjs', import.meta.url),
  args: [step],
})

describe.skipIf(process.platform !== 'linux')('holdContest', { timeout: 60_000 }, () => {
  it('takes turns with fresh processes in each round, and leaves out those that warm up', async () => {
    const rounds = await holdContest({
      programs: { ones: counter('1'), tens: counter('10') },
      turns: 2,
      warmUpTurns: 1,
      rounds: 2,
    })
    const values = rounds.map((turns) => turns.map(({ ones, tens }) => [ones?.value, tens?.value]))
    expect(values).toEqual(
      Array(2).fill([
        [2, 20],
        [3, 30],
      ]),
    )
    const pids = new Set(rounds.flat().flatMap(({ ones, tens }) => [ones?.pid, tens?.pid]))
    expect(pids.size).toBe(4)
    for (const pid of pids) expect(isRunning(Number(pid))).toBe(false)
  })

  it('pairs each with a base, with fresh processes, and joins the turns', async () => {
    const programs = { ones: counter('1'), tens: counter('10'), hundreds: counter('100') }
    const contest = { turns: 2, warmUpTurns: 1, rounds: 2, base: 'ones' }
    const rounds = await holdContest({ ...contest, programs })
    const values = rounds.map((turns) =>
      turns.map((turn) =>
        Object.fromEntries(Object.entries(turn).map(([name, { value }]) => [name, value])),
      ),
    )
    const turn = (number: number) => ({
      tens: number * 10,
      'ones beside tens': number,
      hundreds: number * 100,
      'ones beside hundreds': number,
    })
    expect(values).toEqual([
      [turn(2), turn(3)],
      [turn(2), turn(3)],
    ])
  })

  it('counts the CPU time of the main thread and of all threads', async () => {
    const programs = { ones: counter('1') }
    const [turns = []] = await holdContest({ programs, turns: 2, warmUpTurns: 0, rounds: 1 })
    for (const { ones } of turns) {
      // It works for 8 ms; what a thread that still runs has used is known up to 4 ms late.
      expect(ones?.cpuNs).toBeGreaterThanOrEqual(4_000_000)
      expect(ones?.mainThreadNs).toBeGreaterThan(0)
      expect(ones?.mainThreadNs).toBeLessThanOrEqual(Number(ones?.cpuNs) + 4_000_000)
    }
  })

  it('fails when a program does not start or ends in its turn, and names it', async () => {
    const contest = { turns: 1, warmUpTurns: 0, rounds: 1 }
    await expect(
      holdContest({ ...contest, programs: { broken: counter('broken') } }),
    ).rejects.toThrow('Cannot start counter.mjs broken')
    await expect(
      holdContest({ ...contest, programs: { failing: counter('failing') } }),
    ).rejects.toMatchObject({
      message: 'counter.mjs failing failed',
      cause: { message: 'It ended (3) before it answered' },
    })
  })
})
