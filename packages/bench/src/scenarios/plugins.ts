import { holdServerContest } from '../measure/contest.js'
import { installPeers, peerModule } from '../measure/peer.js'
import type { Side } from '../measure/side.js'
import { burstFigure, type Figure, type FigureReport, reportFigure } from '../report/figure.js'
import type { FigureScenario, FigureSettings } from './scenario.js'

const works = new URL('../servers/works.js', import.meta.url)
const [a, noise] = ['bare', 'bare-again']
const base = { name: a, take: 'ratio' } as const

/** What core, error-reporter and slow-call cost a request that is well, and what others cost it. */
export const allHappyPath: FigureScenario = {
  name: 'all-happy-path',
  measures:
    'Bare Fastify against core + error-reporter + slow-call, @fastify/otel and fastify-metrics',
  isByNameOnly: false,
  async measure(settings) {
    await installPeers('opentelemetry', 'fastify-metrics')
    const servers = {
      bare: side(works, 'bare'),
      ours: side(works, 'three'),
      otel: side(peerModule('opentelemetry', 'server.mjs'), 'request-spans'),
      metrics: side(peerModule('fastify-metrics', 'server.mjs'), 'route-metrics'),
      'bare-again': side(works, 'bare'),
    }
    return measureFigures(allHappyPath.name, servers, settings, [
      burstFigure('ours', { a, b: 'ours', noise }),
      burstFigure('@fastify/otel, request spans', { a, b: 'otel', noise }),
      burstFigure('fastify-metrics', { a, b: 'metrics', noise }),
      burstFigure('ours / @fastify/otel', { a: 'otel', b: 'ours', base, noise: null }),
      burstFigure('ours / fastify-metrics', { a: 'metrics', b: 'ours', base, noise: null }),
    ])
  },
}

/** What all plugins together cost a request that is well and calls nobody. */
export const allPlugins: FigureScenario = {
  name: 'all-plugins',
  measures: 'Bare Fastify against all plugins, a request without outbound calls or records',
  isByNameOnly: false,
  measure(settings) {
    const servers = {
      bare: side(works, 'bare'),
      correlated: side(works, 'all'),
      sqlite: side(works, 'all-sqlite'),
      'bare-again': side(works, 'bare'),
      uncorrelated: side(works, 'all-uncorrelated'),
    }
    return measureFigures(allPlugins.name, servers, settings, [
      burstFigure('correlation on', { a, b: 'correlated', noise }),
      burstFigure('correlation on, SQLite store, nothing written', { a, b: 'sqlite', noise }),
      burstFigure('SQLite store / store in memory', {
        a: 'correlated',
        b: 'sqlite',
        base,
        noise: null,
      }),
      burstFigure('correlation off', { a, b: 'uncorrelated', noise }),
    ])
  },
}

async function measureFigures(
  scenario: string,
  servers: Readonly<Record<string, Side>>,
  { turns = 60, rounds = 6 }: FigureSettings,
  figures: readonly Figure[],
): Promise<FigureReport[]> {
  const schedule = { base: a, turns, rounds, warmUpTurns: 60 }
  const taken = await holdServerContest({ servers, ...schedule, sameBody: true })
  return figures.map((figure) => reportFigure(scenario, figure, taken))
}

function side(module: URL, variant: string): Side {
  return { module, variant, request: { method: 'GET', path: '/' }, expectedStatus: 200 }
}
