import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { holdTick } from '../measure/held-tick.js'

const TICKS = 200_000

/**
 * What `process.nextTick` costs after collections of garbage, in nanoseconds of CPU: `node next-tick.js`, or `node next-tick.js held`
 * with one of its objects held. Run by hand; docs/performance.md has its figures.
 */
if (process.argv[2] === 'held') await holdTick()
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
await ticks()
collect()
for (let round = 0; round < 5; round += 1) await ticks()
collect()
collect()
const measured = [await ticks(), await ticks(), await ticks()].toSorted((a, b) => a - b)
console.log(`${process.version}: ${Math.round(measured[1] ?? 0)} ns a tick`)

/** Lets ticks follow each other, and returns the CPU time of one in nanoseconds. */
function ticks(): Promise<number> {
  return new Promise((resolve) => {
    const start = process.cpuUsage()
    let count = 0
    const tick = (): void => {
      count += 1
      if (count < TICKS) process.nextTick(tick)
      else {
        const { user, system } = process.cpuUsage(start)
        resolve(((user + system) * 1_000) / TICKS)
      }
    }
    tick()
  })
}
