import type { Figure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { LOADS, measureOutbound, TRACED } from '../outbound/outbound-contest.js'
import { outboundFigure } from '../outbound/outbound-figure.js'
import { installPeers } from '../peer.js'

const clients = {
  request: { caller: 'request' },
  service: { caller: 'request-service' },
  otel: { caller: 'request', execArgv: TRACED },
  'request-again': { caller: 'request' },
  observed: { caller: 'request-observed' },
  failed: { caller: 'request-service-failed' },
}

/** What a call by undici.request costs with both its bodies recorded. */
export const outboundUndiciRequest: FigureScenario = {
  name: 'outbound-undici-request',
  measures: 'undici.request against a recorded one and OpenTelemetry',
  isByNameOnly: false,
  async measure({ turns = 12, rounds = 3 }) {
    await installPeers('opentelemetry')
    const contest = { clients, base: a, turns, rounds, loads: LOADS }
    return measureOutbound(outboundUndiciRequest.name, figures, contest)
  },
}

const [a, noise] = ['request', 'request-again']
const figures: readonly Figure[] = [
  outboundFigure('service.dispatcher', { a, b: 'service', noise }, { atMost: 1.15 }),
  outboundFigure("service.dispatcher, bodies: 'failed'", { a, b: 'failed', noise }, null),
  outboundFigure('only observed', { a, b: 'observed', noise }, null),
  outboundFigure('OpenTelemetry, no bodies', { a, b: 'otel', noise }, null),
]
