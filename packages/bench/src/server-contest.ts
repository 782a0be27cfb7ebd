import { only, type Schedule, type Turn, takeTurns } from './contest.js'
import { Contestant } from './contestant.js'
import { assertCpuTimeReadable } from './cpu-time.js'
import { onOneCpu } from './one-cpu.js'
import type { Sample } from './participant.js'
import type { Side } from './scenario.js'

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
