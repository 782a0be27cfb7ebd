import scsPlugin, { scsLogger } from '@fastify-scs/core'
import type { LogLineFact } from '@fastify-scs/core/kit'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

const CANARY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'

/** A service whose every crash is reported, under a request id that the client chooses. */
async function buildApp(reports: CrashReport[]): Promise<FastifyInstance> {
  const app = Fastify({
    logger: scsLogger({ stream: { write: () => undefined } }),
    requestIdHeader: 'x-request-id',
  })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false })
  await app.register(errorReporter, {
    growth: 1,
    maxCallsPerMinute: false,
    delivery: { maxQueued: 1_000 },
    code: false,
    errorReporter: (_title, _message, report) => void reports.push(report),
  })
  app.get<{ Params: { n: string } }>('/:n', async (request) => {
    const { n } = request.params
    for (let step = 0; step < 3; step++) {
      request.log.info({ key: CANARY }, `${n} is at ${step} with ${CANARY}`)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
    }
    throw new Error(`${n} broke`)
  })
  return app
}

it('each of 200 crashes at once, all with one request id, is reported with its own log lines', async () => {
  const reports: CrashReport[] = []
  const app = await buildApp(reports)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const headers = { 'x-request-id': 'the-same' }
  const answers = Array.from({ length: 200 }, (_, n) => fetch(`${address}/${n}`, { headers }))
  for (const answer of await Promise.all(answers)) {
    expect(answer.status).toBe(500)
    await answer.text()
  }
  await expect
    .poll(async () => {
      await app.errorReporter.flush()
      return reports.length
    })
    .toBe(200)
  for (const { request, facts } of reports) {
    const n = request?.url.slice(1)
    const messages = (facts.log_lines as LogLineFact[]).map(({ message }) => message)
    expect(messages).toHaveLength(4)
    for (const [step, message] of messages.slice(0, 3).entries()) {
      expect(message).toMatch(new RegExp(`^${n} is at ${step} with `))
    }
    // The line about the failure itself.
    expect(messages[3]).toBe(`${n} broke`)
  }
  expect(JSON.stringify(reports)).not.toContain(CANARY)
})
