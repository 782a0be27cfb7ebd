import { performance } from 'node:perf_hooks'
import { expect, it, vi } from 'vitest'
import { RecordSink } from '../../src/log/record-sink.js'
import { createCounts } from '../../src/log/stats.js'
import { buildApp } from '../build-app.js'

it("the plugin's own failures are logged at most once a second for each message, with the number left out", async () => {
  const { app, lines } = await buildApp()
  const sink = new RecordSink(app, createCounts())
  const clock = vi.spyOn(performance, 'now')
  const complainAt = (ms: number, message: string): void => {
    clock.mockReturnValue(10_000 + ms)
    sink.logFailure(new Error('broken'), message)
  }
  try {
    for (const ms of [0, 500, 999]) complainAt(ms, 'a call is not recorded')
    complainAt(999, 'a webhook is not recorded')
    complainAt(1_000, 'a call is not recorded')
    complainAt(2_000, 'a call is not recorded')
  } finally {
    clock.mockRestore()
  }
  const told = lines.filter(({ msg }) => msg?.endsWith('is not recorded') === true)
  expect(told.map(({ msg, unsaid }) => [msg, unsaid])).toEqual([
    ['a call is not recorded', undefined],
    ['a webhook is not recorded', undefined],
    ['a call is not recorded', 2],
    ['a call is not recorded', undefined],
  ])
  await app.close()
})
