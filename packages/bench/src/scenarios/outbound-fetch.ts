import type { Figure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { LOADS, measureOutbound, TRACED } from '../outbound/outbound-contest.js'
import { outboundFigure } from '../outbound/outbound-figure.js'
import { installPeers } from '../peer.js'

const clients = {
  fetch: { caller: 'fetch' },
  service: { caller: 'fetch-service' },
  clone: { caller: 'fetch-clone' },
  failed: { caller: 'fetch-service-failed' },
  otel: { caller: 'fetch', execArgv: TRACED },
  'fetch-again': { caller: 'fetch' },
  stored: { caller: 'fetch-service-stored' },
  observed: { caller: 'fetch-observed' },
}

/** What a call by fetch costs with both its bodies recorded. */
export const outboundFetch: FigureScenario = {
  name: 'outbound-fetch',
  measures: 'The built-in fetch against a recorded one, a hand-made log and OpenTelemetry',
  isByNameOnly: false,
  async measure({ turns = 12, rounds = 3 }) {
    await installPeers('opentelemetry')
    const contest = { clients, base: a, turns, rounds, loads: LOADS }
    return measureOutbound(outboundFetch.name, figures, contest)
  },
}

const [a, noise] = ['fetch', 'fetch-again']
const base = { name: a, take: 'ratio' } as const
const figures: readonly Figure[] = [
  outboundFigure('service.fetch', { a, b: 'service', noise }, { atMost: 1.08 }),
  outboundFigure("service.fetch, bodies: 'failed'", { a, b: 'failed', noise }, null),
  outboundFigure('service.fetch, stored', { a, b: 'stored', noise }, null),
  outboundFigure('only observed, no bodies', { a, b: 'observed', noise }, null),
  outboundFigure('clone().text()', { a, b: 'clone', noise }, null),
  outboundFigure('OpenTelemetry, no bodies', { a, b: 'otel', noise }, null),
  outboundFigure(
    'service.fetch / clone()',
    { a: 'clone', b: 'service', base, noise: null },
    { atMost: 1 },
  ),
  outboundFigure(
    'service.fetch / OpenTelemetry',
    { a: 'otel', b: 'service', base, noise: null },
    { atMost: 1 },
  ),
]
