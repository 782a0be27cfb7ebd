import { burstFigure } from '../burst-figure.js'
import { type Figure, reportFigure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import type { Side } from '../scenario.js'
import { holdServerContest } from '../server-contest.js'

const module = new URL('../servers/all-plugins.js', import.meta.url)
const [a, noise] = ['bare', 'bare-again']

const figures: readonly Figure[] = [
  burstFigure('correlation on', { a, b: 'correlated', noise }, { atMost: 1.15 }),
  burstFigure('correlation off', { a, b: 'uncorrelated', noise }, { atMost: 1.1 }),
]

/** What all plugins together cost a request that is well and calls nobody. */
export const allPlugins: FigureScenario = {
  name: 'all-plugins',
  measures: 'Bare Fastify against all plugins, a request without outbound calls',
  isByNameOnly: false,
  async measure({ turns = 60, rounds = 6 }) {
    const servers = {
      bare: side('bare'),
      correlated: side('correlated'),
      'bare-again': side('bare'),
      uncorrelated: side('uncorrelated'),
    }
    const taken = await holdServerContest({
      servers,
      base: a,
      turns,
      rounds,
      warmUpTurns: 60,
      sameBody: true,
    })
    return figures.map((figure) => reportFigure(allPlugins.name, figure, taken))
  },
}

function side(variant: string): Side {
  return { module, variant, request: { method: 'GET', path: '/' }, expectedStatus: 200 }
}
