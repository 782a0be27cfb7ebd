import { installPeers } from '../measure/peer.js'
import { LOADS, measureOutbound, TRACED } from '../outbound/outbound-contest.js'
import { callFigure } from '../report/figure.js'
import type { FigureScenario } from './scenario.js'

/** What a call by fetch costs with both its bodies recorded. */
export const outboundFetch: FigureScenario = {
  name: 'outbound-fetch',
  measures: 'The built-in fetch against a recorded one, a hand-made log and OpenTelemetry',
  isByNameOnly: false,
  async measure({ turns = 12, rounds = 3 }) {
    await installPeers('opentelemetry')
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
    const [a, noise] = ['fetch', 'fetch-again']
    const base = { name: a, take: 'ratio' } as const
    const figures = [
      callFigure('service.fetch', { a, b: 'service', noise }),
      callFigure("service.fetch, bodies: 'failed'", { a, b: 'failed', noise }),
      callFigure('service.fetch, stored', { a, b: 'stored', noise }),
      callFigure('only observed, no bodies', { a, b: 'observed', noise }),
      callFigure('clone().text()', { a, b: 'clone', noise }),
      callFigure('OpenTelemetry, no bodies', { a, b: 'otel', noise }),
      callFigure('service.fetch / clone()', { a: 'clone', b: 'service', base, noise: null }),
      callFigure('service.fetch / OpenTelemetry', {
        a: 'otel',
        b: 'service',
        base,
        noise: null,
      }),
    ]
    const contest = { clients, base: a, turns, rounds, loads: LOADS }
    return measureOutbound(outboundFetch.name, figures, contest)
  },
}

/** What a call by undici.request costs with both its bodies recorded. */
export const outboundUndiciRequest: FigureScenario = {
  name: 'outbound-undici-request',
  measures: 'undici.request against a recorded one and OpenTelemetry',
  isByNameOnly: false,
  async measure({ turns = 12, rounds = 3 }) {
    await installPeers('opentelemetry')
    const clients = {
      request: { caller: 'request' },
      service: { caller: 'request-service' },
      otel: { caller: 'request', execArgv: TRACED },
      'request-again': { caller: 'request' },
      observed: { caller: 'request-observed' },
      failed: { caller: 'request-service-failed' },
    }
    const [a, noise] = ['request', 'request-again']
    const figures = [
      callFigure('service.dispatcher', { a, b: 'service', noise }),
      callFigure("service.dispatcher, bodies: 'failed'", { a, b: 'failed', noise }),
      callFigure('only observed', { a, b: 'observed', noise }),
      callFigure('OpenTelemetry, no bodies', { a, b: 'otel', noise }),
    ]
    const contest = { clients, base: a, turns, rounds, loads: LOADS }
    return measureOutbound(outboundUndiciRequest.name, figures, contest)
  },
}
