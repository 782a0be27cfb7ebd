import type { FastifyRequest } from 'fastify'
import type { QueriesFact, QueryRun } from '../../src/index.js'
import { buildApp, factOf } from '../build-app.js'

/** The queries of a request that runs something. */
export async function queriesOf(run: (request: FastifyRequest) => unknown): Promise<QueriesFact> {
  const { app } = await buildApp()
  let fact: QueriesFact | undefined
  let failed: { error: unknown } | undefined
  app.get('/', async (request) => {
    try {
      await run(request)
    } catch (error) {
      failed = { error }
    }
    fact = factOf(request)
    return 'done'
  })
  await app.inject('/')
  if (failed !== undefined) throw failed.error
  return fact ?? { count: 0, leftOut: 0, durationMs: 0, statements: [], list: [] }
}

/** Runs as statement, rows and error. */
export function told({ statements, list }: QueriesFact): unknown[] {
  return list.map(({ statement, rows, errorCode }) => [
    statements[statement]?.text,
    rows,
    errorCode,
  ])
}

/** Those whose end was seen. */
export function endedOnes(fact: QueriesFact): QueryRun[] {
  return fact.list.filter(({ durationMs }) => durationMs !== null)
}

/** What a promise is rejected with. */
export function rejected(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(promise).then(
    () => Promise.reject(new Error('it was not rejected')),
    (error: unknown) => error,
  )
}
