import type { Program } from './child.js'
import { Participant, type Sample } from './participant.js'

/** How often entrants take turns. */
export interface Schedule {
  /** Turns of each entrant in a round. */
  readonly turns: number
  /** Turns of each entrant before the first that counts, so that all are compiled. */
  readonly warmUpTurns: number
  /** Repetitions with fresh processes. */
  readonly rounds: number
  /**
   * Whoever all others are compared with: it takes a turn after each of theirs, as in a pair, so that each of them has the
   * same one before it, and a turn of it right beside its own. @default none
   */
  readonly base?: string
}

/** Programs that take turns, and how often. */
export interface Contest extends Schedule {
  /** The programs by the names that figures call them by; a program that is there twice shows the noise. */
  readonly programs: Readonly<Record<string, Program>>
}

/** One turn of each entrant, right after each other, by name; those of a base by the name of `besideName`. */
export type Turn = Readonly<Record<string, Sample>>

/** The name of the turn of a base that comes right after one of another entrant. */
export function besideName(base: string, name: string): string {
  return `${base} beside ${name}`
}

/** Whoever can take a turn: a program, or a server that answers a burst. */
export interface Entrant {
  turn(): Promise<Sample>
}

/** Starts all entrants, hands them over by their names, and ends them whatever happens. */
export type WithEntrants = (
  use: (all: ReadonlyMap<string, Entrant>) => Promise<Turn[]>,
) => Promise<Turn[]>

/**
 * Lets programs take turns, A B C A B C, or B A C A where A is the base; who begins changes from round to round.
 *
 * @returns the turns of each round
 * @throws Error when a program fails
 */
export function holdContest({ programs, ...schedule }: Contest): Promise<Turn[][]> {
  return takeTurns(Object.keys(programs), schedule, (use) => Participant.withAll(programs, use))
}

/** As `holdContest`, for entrants of any kind. */
export async function takeTurns(
  names: readonly string[],
  schedule: Schedule,
  withEntrants: WithEntrants,
): Promise<Turn[][]> {
  const rounds: Turn[][] = []
  for (let round = 0; round < schedule.rounds; round += 1) {
    const shift = round % names.length
    const order = [...names.slice(shift), ...names.slice(0, shift)]
    rounds.push(await withEntrants((all) => takeRound(all, order, schedule)))
  }
  return rounds
}

async function takeRound(
  entrants: ReadonlyMap<string, Entrant>,
  order: readonly string[],
  { turns, warmUpTurns, base }: Schedule,
): Promise<Turn[]> {
  const taken: Turn[] = []
  for (let turn = 0; turn < warmUpTurns + turns; turn += 1) {
    const samples: Record<string, Sample> = {}
    const take = async (name: string, as: string): Promise<void> => {
      const sample = await entrants.get(name)?.turn()
      if (sample !== undefined) samples[as] = sample
    }
    for (const name of order) {
      if (name === base) continue
      await take(name, name)
      if (base !== undefined) await take(base, besideName(base, name))
    }
    if (turn >= warmUpTurns) taken.push(samples)
  }
  return taken
}
