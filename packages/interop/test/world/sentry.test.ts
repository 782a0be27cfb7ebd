import { expect, it } from 'vitest'
import { runProgram } from '../run-program.js'

interface SentryEvent {
  readonly text: string
  readonly errorId?: string
}

interface Seen {
  readonly answers: readonly (readonly [number, string])[]
  readonly reports: readonly { readonly errorId: string }[]
  readonly events: readonly SentryEvent[]
  readonly callsToSentry: number
  readonly reporters: readonly { readonly name: string; readonly delivered: number }[]
}

const ANSWERS = [
  [
    500,
    '{"error":{"id":"internal-server-error","message":"An unexpected error occurred"}}',
  ] as const,
  [503, '{"closed":true}'] as const,
  [404, '{"error":{"id":"not-found","message":"Not Found"}}'] as const,
  [200, 'ok'] as const,
]

const TEXTS = [
  'the pool is exhausted',
  expect.stringContaining('GET /returned: Service Unavailable'),
  'no receipt',
]

it('Sentry as a reporter, set up as the README of error-reporter says, gets each report once under its error id', async () => {
  const { answers, reports, events, reporters, callsToSentry } = (await runProgram(
    'world/sentry-service.mjs',
  )) as Seen
  expect(answers).toEqual(ANSWERS)
  expect(events.map(({ text }) => text)).toEqual(TEXTS)
  expect(events.map(({ errorId }) => errorId)).toEqual(reports.map(({ errorId }) => errorId))
  // Without tracing Sentry sends nothing but the reports, whose calls are the reporter's.
  expect(callsToSentry).toBe(0)
  expect(reporters[0]).toMatchObject({ name: 'sentryReporter', delivered: 3 })
}, 60_000)

it("beside Sentry's own capture of Fastify's errors a crash is sent once, by that and without the error id", async () => {
  const { answers, reports, events } = (await runProgram(
    'world/sentry-service.mjs',
    '--side-by-side',
  )) as Seen
  expect(answers).toEqual(ANSWERS)
  expect(events.map(({ text }) => text)).toEqual(TEXTS)
  const [, returned, caught] = reports
  expect(events.map(({ errorId }) => errorId)).toEqual([
    undefined,
    returned?.errorId,
    caught?.errorId,
  ])
}, 60_000)
