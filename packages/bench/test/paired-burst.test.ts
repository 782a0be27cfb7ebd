import { describe, expect, it } from 'vitest'
import { measureScenario } from '../src/measure/paired-burst.js'
import type { Side } from '../src/measure/side.js'
import type { Scenario } from '../src/scenarios/scenario.js'
import { tinySide } from './tiny-side.js'

const SETTINGS = { pairs: 3, rounds: 2, warmUpBursts: 1 }

const scenarioOf = (a: Side, b: Side, sameBody = true): Scenario => ({
  name: 'tiny',
  measures: 'The method itself',
  goal: null,
  sameBody,
  a,
  b,
})

describe.skipIf(process.platform !== 'linux')('measureScenario', { timeout: 60_000 }, () => {
  it('returns every pair of every round, and as many A/A pairs', async () => {
    const measured = await measureScenario(
      scenarioOf(tinySide('one'), tinySide('one-too')),
      SETTINGS,
    )
    for (const rounds of [measured.rounds, measured.noiseRounds]) {
      expect(rounds.map((pairs) => pairs.length)).toEqual([3, 3])
      for (const { aNs, bNs } of rounds.flat()) {
        expect(aNs).toBeGreaterThan(0)
        expect(bNs).toBeGreaterThan(0)
      }
    }
  })

  it('counts what a server works, and sets side a against itself for the noise', async () => {
    const slowest = 192 * 1_000_000
    const { rounds, noiseRounds } = await measureScenario(
      scenarioOf(tinySide('one'), tinySide('slow')),
      { pairs: 2, rounds: 1, warmUpBursts: 1 },
    )
    for (const { aNs, bNs } of rounds.flat()) {
      expect(aNs).toBeLessThan(slowest)
      expect(bNs).toBeGreaterThanOrEqual(slowest)
    }
    for (const { bNs } of noiseRounds.flat()) expect(bNs).toBeLessThan(slowest)
  })

  it('fails when bodies differ that must not', async () => {
    const scenario = scenarioOf(tinySide('one'), tinySide('two'))
    await expect(measureScenario(scenario, SETTINGS)).rejects.toThrow(
      'The bodies differ: a {"id":1}, b {"id":2}',
    )
  })

  it('lets bodies differ that may', async () => {
    const scenario = scenarioOf(tinySide('one'), tinySide('two'), false)
    expect((await measureScenario(scenario, { ...SETTINGS, rounds: 1 })).rounds).toHaveLength(1)
  })

  it('fails at an unexpected status and names the server', async () => {
    const scenario = scenarioOf(tinySide('one'), tinySide('two', 201))
    await expect(measureScenario(scenario, SETTINGS)).rejects.toMatchObject({
      message: 'A burst to tiny-server.mjs two failed',
      cause: { message: 'Answered 200, expected 201: {"id":2}' },
    })
  })
})
