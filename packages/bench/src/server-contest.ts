import { type Entrant, only, type Schedule, type Turn, takeTurns } from './contest.js'
import { Contestant } from './contestant.js'
import { assertCpuTimeReadable } from './cpu-time.js'
import { onOneCpu } from './one-cpu.js'
import type { Side } from './scenario.js'

/** Servers that answer bursts in turn, and how often. */
export interface ServerContest extends Schedule {
  /** The servers by the names that figures call them by; a server that is there twice shows the noise. */
  readonly servers: Readonly<Record<string, Side>>
  /** Whether all must answer with the very same body. */
  readonly sameBody: boolean
}

/**
 * Sends bursts to several servers in turn, as pairs of servers get them: on one CPU.
 *
 * @returns the turns of each round, each a `burstNs`
 * @throws Error when a server fails, answers otherwise than expected, or the bodies differ that must not
 */
export function holdServerContest(contest: ServerContest): Promise<Turn[][]> {
  assertCpuTimeReadable()
  const { servers, sameBody, ...schedule } = contest
  return onOneCpu(() =>
    takeTurns(Object.keys(servers), schedule, (names, use) =>
      withContestants(Object.entries(only(servers, names)), async (all) => {
        if (sameBody) await assertSameBody(all)
        return use(new Map([...all].map(([name, one]) => [name, entrantOf(one)])))
      }),
    ),
  )
}

function entrantOf(contestant: Contestant): Entrant {
  return { turn: async () => ({ burstNs: await contestant.measureBurst() }) }
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
