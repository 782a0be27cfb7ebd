import { describe, expect, it } from 'vitest'
import { holdContest } from '../src/measure/contest.js'
import { startServer } from '../src/measure/contestant.js'
import { callers } from '../src/outbound/callers.js'
import { PAYMENT, RECEIPT } from '../src/outbound/payment.js'
import { callFigure, reportFigure } from '../src/report/figure.js'

const compiled = (path: string) => new URL(`../dist/${path}.js`, import.meta.url)
const once = { turns: 1, warmUpTurns: 0, rounds: 1 }

describe.skipIf(process.platform !== 'linux')(
  'the outbound scenarios',
  { timeout: 120_000 },
  () => {
    it('every caller gets the whole answer to each of its calls', async () => {
      const server = await startServer({
        module: compiled('servers/payment-service'),
        variant: 'answers',
        request: { method: 'POST', path: '/payments' },
        expectedStatus: 200,
      })
      const names = Object.keys(callers)
      const origin = `http://127.0.0.1:${server.port}`
      // A program fails when the answer is not the receipt, and when there is no caller of that name.
      const program = (name: string) => ({
        module: compiled('programs/outbound'),
        args: [name, origin, '2', '6'],
      })
      const programs = Object.fromEntries(names.map((name) => [name, program(name)]))
      const [[turn] = []] = await holdContest({ ...once, programs })
      await server.stop()
      for (const name of names) expect(turn?.[name]).toMatchObject({ calls: 6 })
    })
  },
)

it('bodies of both ways have about 1.7 KB', () => {
  for (const body of [PAYMENT, RECEIPT]) {
    expect(body.length).toBeGreaterThan(1_600)
    expect(body.length).toBeLessThan(1_800)
  }
})

it('the figure is the CPU time of one call', () => {
  const turn = { a: { cpuNs: 2e6, calls: 10 }, b: { cpuNs: 3e6, calls: 10 } }
  const sides = { a: 'a', b: 'b', noise: null }
  expect(reportFigure('tea', callFigure('calls', sides, null), [[turn]])).toMatchObject({
    value: 1.5,
    absolute: { a: 200, b: 300, unit: 'us' },
  })
})
