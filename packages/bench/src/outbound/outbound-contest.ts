import type { Program } from '../measure/child.js'
import { holdContest, type Schedule, type Turn } from '../measure/contest.js'
import { type ServerProcess, startServer } from '../measure/contestant.js'
import { onOneCpu } from '../measure/cpu-time.js'
import { peerModule } from '../measure/peer.js'
import { type Figure, type FigureReport, reportFigure } from '../report/figure.js'

const client = new URL('../programs/outbound.js', import.meta.url)
const upstream = new URL('../servers/payment-service.js', import.meta.url)

/** Calls that a client has under way at a time. */
export const LOADS: readonly number[] = [1, 64]

/** Node's options for a client whose calls OpenTelemetry traces. */
export const TRACED: readonly string[] = [
  '--import',
  peerModule('opentelemetry', 'trace-undici.mjs').href,
]

/** Turns until nearly all is compiled: some 6,000 calls. */
const WARM_UP_TURNS = 30

/** A client that calls the payment service in one of the ways of `callers`. */
export interface Client {
  readonly caller: string
  /** Node's own options, such as `--import` of what traces its calls. */
  readonly execArgv?: readonly string[]
}

/** Clients that call the same payment service in turn, once for each load. */
export interface OutboundContest extends Pick<Schedule, 'turns' | 'rounds'> {
  /** The client that all others are compared with. */
  readonly base: string
  readonly clients: Readonly<Record<string, Client>>
  readonly loads: readonly number[]
}

/** Measures clients on one CPU, which they share with the service; only their own CPU time counts. */
export function measureOutbound(
  scenario: string,
  figures: readonly Figure[],
  contest: OutboundContest,
): Promise<FigureReport[]> {
  return onOneCpu(async () => {
    const reports: FigureReport[] = []
    for (const callsAtOnce of contest.loads) {
      const taken = await underLoad(callsAtOnce, contest)
      for (const figure of figures) {
        const name = `${callsAtOnce} at once: ${figure.name}`
        reports.push(reportFigure(scenario, { ...figure, name }, taken))
      }
    }
    return reports
  })
}

async function underLoad(callsAtOnce: number, contest: OutboundContest): Promise<Turn[][]> {
  const { clients, base, turns, rounds } = contest
  const server = await startPaymentService()
  try {
    const program = ({ caller, execArgv = [] }: Client): Program => ({
      module: client,
      args: [caller, `http://127.0.0.1:${server.port}`, String(callsAtOnce)],
      execArgv,
    })
    const programs = Object.fromEntries(
      Object.entries(clients).map(([name, one]) => [name, program(one)]),
    )
    return await holdContest({ programs, base, turns, rounds, warmUpTurns: WARM_UP_TURNS })
  } finally {
    await server.stop()
  }
}

function startPaymentService(): Promise<ServerProcess> {
  const request = { method: 'POST', path: '/payments' }
  return startServer({ module: upstream, variant: 'answers', request, expectedStatus: 200 })
}
