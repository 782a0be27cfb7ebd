import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished } from 'vitest'
import { boom, buildApp } from './build-app.js'
import { loadWithCrashes } from './crash-load.js'

const STORM = 100_000
const ROUNDS = 5
const MAX_GROWTH_BYTES = 5_000_000

it('100,000 identical errors over real connections call the reporter 17 times and leave the memory flat', async () => {
  const test = await buildApp({ server: { logger: false } })
  test.app.get('/', boom)
  await test.app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => test.app.close())
  const { port } = test.app.server.address() as AddressInfo
  const heaps: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await loadWithCrashes(port, { connections: 16, requests: STORM / ROUNDS })
    heaps.push(settledHeapBytes())
  }
  const calls = await test.reported()
  const occurrences = calls.map(({ report }) => report.group.occurrences)
  expect(occurrences).toEqual(Array.from({ length: 17 }, (_, power) => 2 ** power))
  expect(calls.at(-1)?.report.group).toMatchObject({ suppressed: 32_767 })
  expect(test.app.errorReporter.stats()).toMatchObject({
    reported: { fatal: 17, nonFatal: 0 },
    suppressed: STORM - 17,
    groups: 1,
  })
  expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(MAX_GROWTH_BYTES)
}, 120_000)

it('10,000 different errors leave a bounded number of groups and 60 reports', async () => {
  const test = await buildApp({ reporter: { maxGroups: 100 }, server: { logger: false } })
  for (let at = 0; at < 10_000; at++) test.app.reportError(`x ${letters(at)}`)
  expect(test.app.errorReporter.stats().groups).toBe(100)
  expect(await test.reported()).toHaveLength(60)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The heap without garbage. */
function settledHeapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** A number in letters, which no normalisation takes for a number. */
function letters(number: number): string {
  return number.toString(26).replace(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)))
}
