import type { Program } from './child.js'
import { Participant, type Sample } from './participant.js'

/** Programs that take turns, and how often. */
export interface Contest {
  /** The programs by the names that figures call them by; a program that is there twice shows the noise. */
  readonly programs: Readonly<Record<string, Program>>
  /** Turns of each program in a round. */
  readonly turns: number
  /** Turns of each program before the first that counts, so that all are compiled. */
  readonly warmUpTurns: number
  /** Repetitions with fresh processes. */
  readonly rounds: number
}

/** One turn of each program, right after each other, by name. */
export type Turn = Readonly<Record<string, Sample>>

/**
 * Lets programs take turns, A B C A B C; who begins changes from round to round.
 *
 * @returns the turns of each round
 * @throws Error when a program fails
 */
export async function holdContest(contest: Contest): Promise<Turn[][]> {
  const names = Object.keys(contest.programs)
  const rounds: Turn[][] = []
  for (let round = 0; round < contest.rounds; round += 1) {
    const shift = round % names.length
    const order = [...names.slice(shift), ...names.slice(0, shift)]
    rounds.push(
      await Participant.withAll(contest.programs, (all) => holdRound(all, order, contest)),
    )
  }
  return rounds
}

async function holdRound(
  participants: ReadonlyMap<string, Participant>,
  order: readonly string[],
  { turns, warmUpTurns }: Contest,
): Promise<Turn[]> {
  const taken: Turn[] = []
  for (let turn = 0; turn < warmUpTurns + turns; turn += 1) {
    const samples: Record<string, Sample> = {}
    for (const name of order) {
      const sample = await participants.get(name)?.turn()
      if (sample !== undefined) samples[name] = sample
    }
    if (turn >= warmUpTurns) taken.push(samples)
  }
  return taken
}
