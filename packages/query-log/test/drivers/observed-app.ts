import type { QueriesFact, QueryLogOptions } from '@fastify-scs/query-log'
import type { FastifyRequest } from 'fastify'
import { expect } from 'vitest'
import { buildApp, factOf } from '../build-app.js'

/** One run of a statement, with its text. */
export interface ToldRun {
  readonly text: string
  readonly system: string
  readonly durationMs: number | null
  readonly waitMs: number | null
  readonly rows: number | null
  readonly errorCode: string | null
}

/** What a request has noted. */
export interface Told {
  readonly fact: QueriesFact | undefined
  readonly runs: readonly ToldRun[]
  readonly texts: readonly string[]
}

/** Runs something as the handler of a request of an app of its own and returns which queries of it were noted, in their order. */
export async function queriesOf(
  handler: (request: FastifyRequest) => unknown,
  options: QueryLogOptions = {},
): Promise<Told> {
  const { app } = await buildApp(options)
  let told: Told | undefined
  app.get('/', async (request) => {
    await handler(request)
    told = toldOf(request)
    return 'done'
  })
  const answer = await app.inject('/')
  expect(answer.body).toBe('done')
  expect(app.queryLog.stats().failures).toBe(0)
  return told as Told
}

export function toldOf(request: FastifyRequest): Told {
  const fact = factOf(request)
  const runs = (fact?.list ?? []).map((run) => {
    const { text, system } = fact?.statements[run.statement] ?? { text: '', system: '' }
    const { durationMs, waitMs, rows, errorCode } = run
    return { text, system, durationMs, waitMs, rows, errorCode }
  })
  return { fact, runs, texts: runs.map((run) => run.text) }
}

/** Requests that run at once. */
export const AT_ONCE = 200

/**
 * Runs 200 requests at once, each with queries of its own between those of the others, and expects in each exactly its own.
 * The number of the request has to be part of what `ownTexts` returns, so that a query of another one cannot pass as its own.
 */
export async function expectOwnQueries(
  handler: (index: number, pause: () => Promise<void>) => unknown,
  ownTexts: (index: number) => readonly string[],
  options: QueryLogOptions = {},
): Promise<void> {
  const { app } = await buildApp(options)
  const told: Told[] = []
  app.get<{ Params: { index: string } }>('/:index', async (request) => {
    const index = Number(request.params.index)
    await handler(index, pause)
    told[index] = toldOf(request)
    return 'done'
  })
  const indexes = [...Array(AT_ONCE).keys()]
  await Promise.all(
    indexes.map(async (index) => {
      const answer = await app.inject(`/${index}`)
      expect(answer.body).toBe('done')
    }),
  )
  expect(told.map(({ texts }) => [...texts].sort())).toEqual(
    indexes.map((index) => [...ownTexts(index)].sort()),
  )
}

/** A number as letters, which stay in a statement where digits do not. */
export function lettersOf(index: number): string {
  return String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
}
