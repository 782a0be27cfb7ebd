import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { boom, buildApp } from './build-app.js'

const STORM = 100_000
const AT_ONCE = 100

it('100,000 identical errors call the reporter 17 times and leave the memory flat', async () => {
  const test = await buildApp({ server: { logger: false } })
  test.app.get('/', boom)
  const heaps: number[] = []
  for (let sent = 0; sent < STORM; sent += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => test.app.inject('/'))
    const [answer] = await Promise.all(batch)
    if (answer?.statusCode !== 500) throw new Error('not a crash')
    // Without a turn of the event loop Fastify itself piles up what it cleans up in one.
    await new Promise((resolve) => setImmediate(resolve))
    if ((sent / AT_ONCE) % 250 === 249) heaps.push(settledHeapBytes())
  }
  const calls = await test.reported()
  expect(calls).toHaveLength(17)
  expect(calls.at(-1)?.report.group).toMatchObject({ occurrences: 65_536, suppressed: 32_767 })
  expect(test.app.errorReporter.stats()).toMatchObject({
    reported: { fatal: 17, nonFatal: 0 },
    suppressed: STORM - 17,
    groups: 1,
  })
  const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
  expect(growth).toBeLessThan(5_000_000)
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
