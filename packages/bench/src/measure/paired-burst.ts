import type { Scenario } from '../scenarios/scenario.js'
import { Contestant } from './contestant.js'
import { assertCpuTimeReadable } from './cpu-time.js'
import type { Side } from './side.js'

/** Bursts that each server answers before anything is measured, so that both are compiled. */
const WARM_UP_BURSTS = 60

/** The CPU times in nanoseconds of two bursts, one right after the other. */
export interface Pair {
  readonly aNs: number
  readonly bNs: number
}

/** Chosen so that a scenario takes about half a minute. */
const DEFAULT_PAIRS = 60
const DEFAULT_ROUNDS = 6

/** How much is measured. */
export interface MethodSettings {
  /** Pairs of bursts in each round. @default 60 */
  readonly pairs?: number
  /** Repetitions with fresh processes. @default 6 */
  readonly rounds?: number
  /** Bursts per server before the first pair. @default 60 */
  readonly warmUpBursts?: number
}

/**
 * How a round goes.
 *
 * Who is first changes from round to round, not from pair to pair: in A B B A every second burst follows one of the same
 * server, finds its caches warm and is about 10 % cheaper, and the median of pairs falls in the gap between two heaps.
 */
interface RoundPlan {
  readonly pairs: number
  readonly warmUpBursts: number
  readonly sameBody: boolean
  readonly isAFirst: boolean
}

/** All pairs of a scenario, one list for each round. */
export interface Measurement {
  /** Side a against side b. */
  readonly rounds: Pair[][]
  /** Side a against another process of side a: the noise. */
  readonly noiseRounds: Pair[][]
}

/**
 * Measures a scenario by paired bursts, with an A/A round after each A/B round.
 *
 * @throws Error when a server fails, answers otherwise than expected, or the bodies differ that must not
 */
export async function measureScenario(
  scenario: Scenario,
  settings: MethodSettings,
): Promise<Measurement> {
  assertCpuTimeReadable()
  const measurement: Measurement = { rounds: [], noiseRounds: [] }
  const { pairs = DEFAULT_PAIRS, rounds = DEFAULT_ROUNDS, warmUpBursts = WARM_UP_BURSTS } = settings
  for (let round = 0; round < rounds; round += 1) {
    const { a, b, sameBody } = scenario
    const plan: RoundPlan = { pairs, warmUpBursts, sameBody, isAFirst: round % 2 === 0 }
    measurement.rounds.push(await measureRound(a, b, plan))
    measurement.noiseRounds.push(await measureRound(a, a, plan))
  }
  return measurement
}

function measureRound(sideA: Side, sideB: Side, plan: RoundPlan): Promise<Pair[]> {
  return Contestant.with(sideA, (a) =>
    Contestant.with(sideB, async (b) => {
      await warmUp(a, b, plan)
      const pairs: Pair[] = []
      while (pairs.length < plan.pairs) pairs.push(await measurePair(a, b, plan.isAFirst))
      return pairs
    }),
  )
}

async function warmUp(a: Contestant, b: Contestant, plan: RoundPlan): Promise<void> {
  for (let count = 0; count < plan.warmUpBursts; count += 1) {
    const [answerA, answerB] = [await a.burst(), await b.burst()]
    if (plan.sameBody && answerA.body !== answerB.body) {
      throw new Error(`The bodies differ: a ${answerA.body}, b ${answerB.body}`)
    }
  }
}

async function measurePair(a: Contestant, b: Contestant, isAFirst: boolean): Promise<Pair> {
  if (isAFirst) {
    const aNs = await a.measureBurst()
    return { aNs, bNs: await b.measureBurst() }
  }
  const bNs = await b.measureBurst()
  return { aNs: await a.measureBurst(), bNs }
}
