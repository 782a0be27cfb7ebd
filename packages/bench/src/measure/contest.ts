import type { Program } from './child.js'
import { Contestant } from './contestant.js'
import { assertCpuTimeReadable, onOneCpu } from './cpu-time.js'
import { Participant, type Sample } from './participant.js'
import type { Side } from './side.js'

/** How often entrants take turns. */
export interface Schedule {
  /** Turns of each entrant in a round. */
  readonly turns: number
  /** Turns of each entrant before the first that counts, so that all are compiled. */
  readonly warmUpTurns: number
  /** Repetitions with fresh processes. */
  readonly rounds: number
  /**
   * Whoever all others are compared with, each in a pair of its own, one pair after the other: A B A B, then A C A C. With more than
   * two at once, what the caches hold differs from one to the next by a tenth. @default none: all at once
   */
  readonly base?: string
}

/** Programs that take turns, and how often. */
export interface Contest extends Schedule {
  /** The programs by the names that figures call them by; a program that is there twice shows the noise. */
  readonly programs: Readonly<Record<string, Program>>
}

/** One turn of each entrant, right after each other, by name; of a base one for each other, by the name of `besideName`. */
export type Turn = Readonly<Record<string, Sample>>

/** The name of the turn of a base in its pair with another entrant. */
export function besideName(base: string, name: string): string {
  return `${base} beside ${name}`
}

/** Whoever can take a turn: a program, or a server that answers a burst. */
export interface Entrant {
  turn(): Promise<Sample>
}

/** Starts the entrants of these names, hands them over, and ends them whatever happens. */
export type WithEntrants = (
  names: readonly string[],
  use: (entrants: ReadonlyMap<string, Entrant>) => Promise<Turn[]>,
) => Promise<Turn[]>

/**
 * Lets programs take turns, A B C A B C, or each in a pair with a base; who begins changes from round to round.
 *
 * @returns the turns of each round
 * @throws Error when a program fails
 */
export function holdContest({ programs, ...schedule }: Contest): Promise<Turn[][]> {
  return takeTurns(Object.keys(programs), schedule, (names, use) =>
    Participant.withAll(only(programs, names), use),
  )
}

/** As `holdContest`, for entrants of any kind. */
export async function takeTurns(
  names: readonly string[],
  schedule: Schedule,
  withEntrants: WithEntrants,
): Promise<Turn[][]> {
  const { base } = schedule
  const take = (order: readonly string[]): Promise<Turn[]> =>
    withEntrants(order, (entrants) => takeRound(entrants, order, schedule))
  const rounds: Turn[][] = []
  for (let round = 0; round < schedule.rounds; round += 1) {
    if (base === undefined) rounds.push(await take(shifted(names, round)))
    else {
      const pairs: Turn[][] = []
      for (const name of names) {
        if (name === base) continue
        const turns = await take(shifted([base, name], round))
        pairs.push(turns.map((turn) => renamed(turn, base, besideName(base, name))))
      }
      rounds.push(joined(pairs))
    }
  }
  return rounds
}

/** The entries of these names. */
export function only<T>(
  all: Readonly<Record<string, T>>,
  names: readonly string[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

async function takeRound(
  entrants: ReadonlyMap<string, Entrant>,
  order: readonly string[],
  { turns, warmUpTurns }: Schedule,
): Promise<Turn[]> {
  const taken: Turn[] = []
  for (let turn = 0; turn < warmUpTurns + turns; turn += 1) {
    const samples: Record<string, Sample> = {}
    for (const name of order) {
      const sample = await entrants.get(name)?.turn()
      if (sample !== undefined) samples[name] = sample
    }
    if (turn >= warmUpTurns) taken.push(samples)
  }
  return taken
}

function shifted(names: readonly string[], round: number): readonly string[] {
  const shift = round % names.length
  return [...names.slice(shift), ...names.slice(0, shift)]
}

function renamed(turn: Turn, name: string, newName: string): Turn {
  return Object.fromEntries(
    Object.entries(turn).map(([one, sample]) => [one === name ? newName : one, sample]),
  )
}

/** The first turns of all pairs as one turn, and so on. */
function joined([first = [], ...others]: readonly Turn[][]): Turn[] {
  return first.map((turn, index) => Object.assign({}, turn, ...others.map((pair) => pair[index])))
}

/** Servers that answer bursts in turn, and how often. */
export interface ServerContest extends Schedule {
  /** The servers by the names that figures call them by; a server that is there twice shows the noise. */
  readonly servers: Readonly<Record<string, Side>>
  /** Whether all must answer with the very same body. */
  readonly sameBody: boolean
  /** What a turn is. @default a burst, as `burstNs` */
  readonly takeTurn?: (contestant: Contestant) => Promise<Sample>
}

/**
 * Sends bursts to several servers in turn, as pairs of servers get them: on one CPU.
 *
 * @returns the turns of each round
 * @throws Error when a server fails, answers otherwise than expected, or the bodies differ that must not
 */
export function holdServerContest(contest: ServerContest): Promise<Turn[][]> {
  assertCpuTimeReadable()
  const { servers, sameBody, takeTurn = takeBurst, ...schedule } = contest
  return onOneCpu(() =>
    takeTurns(Object.keys(servers), schedule, (names, use) =>
      withContestants(Object.entries(only(servers, names)), async (all) => {
        if (sameBody) await assertSameBody(all)
        return use(new Map([...all].map(([name, one]) => [name, { turn: () => takeTurn(one) }])))
      }),
    ),
  )
}

async function takeBurst(contestant: Contestant): Promise<Sample> {
  return { burstNs: await contestant.measureBurst() }
}

async function withContestants<T>(
  sides: readonly (readonly [string, Side])[],
  use: (all: ReadonlyMap<string, Contestant>) => Promise<T>,
): Promise<T> {
  const [first, ...rest] = sides
  if (first === undefined) return use(new Map())
  const [name, side] = first
  return Contestant.with(side, (one) =>
    withContestants(rest, (others) => use(new Map([[name, one], ...others]))),
  )
}

async function assertSameBody(contestants: ReadonlyMap<string, Contestant>): Promise<void> {
  let expected: { name: string; body: string } | undefined
  for (const [name, contestant] of contestants) {
    const { body } = await contestant.burst()
    expected ??= { name, body }
    if (body !== expected.body) {
      throw new Error(`The bodies differ: ${expected.name} ${expected.body}, ${name} ${body}`)
    }
  }
}
