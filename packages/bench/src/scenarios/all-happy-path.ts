import { burstFigure } from '../burst-figure.js'
import { type Figure, reportFigure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { installPeers, peerModule } from '../peer.js'
import type { Side } from '../scenario.js'
import { holdServerContest } from '../server-contest.js'

const ours = new URL('../servers/all-happy-path.js', import.meta.url)

const base = { name: 'bare', take: 'ratio' } as const

const figures: readonly Figure[] = [
  burstFigure('ours', { a: 'bare', b: 'ours', noise: 'bare-again' }, { atMost: 1.06 }),
  burstFigure('@fastify/otel, request spans', { a: 'bare', b: 'otel', noise: 'bare-again' }, null),
  burstFigure('fastify-metrics', { a: 'bare', b: 'metrics', noise: 'bare-again' }, null),
  burstFigure('ours / @fastify/otel', { a: 'otel', b: 'ours', base, noise: null }, { atMost: 1 }),
  burstFigure(
    'ours / fastify-metrics',
    { a: 'metrics', b: 'ours', base, noise: null },
    { atMost: 1 },
  ),
]

/** What core, error-reporter and slow-call cost a request that is well, and what others cost it. */
export const allHappyPath: FigureScenario = {
  name: 'all-happy-path',
  measures:
    'Bare Fastify against core + error-reporter + slow-call, @fastify/otel and fastify-metrics',
  isByNameOnly: false,
  async measure({ turns = 60, rounds = 6 }) {
    await installPeers('opentelemetry', 'fastify-metrics')
    const servers = {
      bare: side(ours, 'bare'),
      ours: side(ours, 'ours'),
      otel: side(peerModule('opentelemetry', 'server.mjs'), 'request-spans'),
      metrics: side(peerModule('fastify-metrics', 'server.mjs'), 'route-metrics'),
      'bare-again': side(ours, 'bare'),
    }
    const taken = await holdServerContest({
      servers,
      base: base.name,
      turns,
      rounds,
      warmUpTurns: 60,
      sameBody: true,
    })
    return figures.map((figure) => reportFigure(allHappyPath.name, figure, taken))
  },
}

function side(module: URL, variant: string): Side {
  return { module, variant, request: { method: 'GET', path: '/' }, expectedStatus: 200 }
}
