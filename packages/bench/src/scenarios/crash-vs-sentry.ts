import { holdServerContest } from '../measure/contest.js'
import { installPeers, peerModule } from '../measure/peer.js'
import type { Side } from '../measure/side.js'
import { Sink } from '../measure/sink.js'
import { burstFigure, type Figure, reportFigure } from '../report/figure.js'
import type { FigureScenario } from './scenario.js'

const ours = new URL('../servers/crashes.js', import.meta.url)
/** Fastify's default handler: what a crash costs anyway. */
const a = 'default'
const noise = 'default-again'

const figures: readonly Figure[] = [
  burstFigure('ours, each reported', { a, b: 'reported', noise }),
  burstFigure('ours, each made, none sent', { a, b: 'made', noise }),
  burstFigure('ours, suppressed', { a, b: 'suppressed', noise }),
  burstFigure('Sentry 10', { a, b: 'sentry-10', noise }),
  burstFigure('Sentry 11', { a, b: 'sentry-11', noise }),
  added('ours, each reported', 'reported', 'sentry-10'),
  added('ours, each reported', 'reported', 'sentry-11'),
  added('ours, each made, none sent', 'made', 'sentry-10'),
  added('ours, suppressed', 'suppressed', 'sentry-10'),
]

/** What a crash costs beyond Fastify's own answer, with all reports delivered to a local server. */
export const errorReporterVsSentry: FigureScenario = {
  name: 'error-reporter-vs-sentry',
  measures: 'A crash with the default handler of Fastify, the error reporter, and Sentry 10 and 11',
  isByNameOnly: false,
  async measure({ turns = 16, rounds = 3 }) {
    await installPeers('sentry-10', 'sentry-11')
    const taken = await Sink.with((sink) =>
      holdServerContest({
        servers: serversOf(sink),
        base: a,
        turns,
        rounds,
        warmUpTurns: 60,
        sameBody: false,
      }),
    )
    return figures.map((figure) => reportFigure(errorReporterVsSentry.name, figure, taken))
  },
}

function added(name: string, b: string, peer: string): Figure {
  const base = { name: a, take: 'added' } as const
  return burstFigure(`added: ${name} / ${peer}`, { a: peer, b, base, noise: null })
}

function serversOf(sink: Sink): Record<string, Side> {
  const crash = (module: URL, variant: string): Side => ({
    module,
    variant,
    request: { method: 'GET', path: '/' },
    expectedStatus: 500,
    args: [sink.host],
  })
  const sentry = (major: 10 | 11): Side => ({
    ...crash(peerModule(`sentry-${major}`, 'server.mjs'), 'reported'),
    execArgv: ['--import', peerModule(`sentry-${major}`, 'instrument.mjs').href],
    deliveries: (count) => sink.arrival(`/api/${major}/envelope/`, count),
  })
  return {
    default: crash(ours, 'numbered, fastify-default'),
    reported: {
      ...crash(ours, 'numbered, posted'),
      deliveries: (count) => sink.arrival('/ours', count),
    },
    'sentry-10': sentry(10),
    suppressed: crash(ours, 'numbered, suppressed'),
    'sentry-11': sentry(11),
    'default-again': crash(ours, 'numbered, fastify-default'),
    made: crash(ours, 'numbered, made'),
  }
}
