import { setTimeout as delay } from 'node:timers/promises'
import { valueIn } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { Participant, type Sample } from '../participant.js'
import { reportSoak, SAMPLES_PER_MINUTE } from '../store/soak-report.js'

const module = new URL('../programs/store-soak.js', import.meta.url)
const SAMPLE_MS = 60_000 / SAMPLES_PER_MINUTE
const DEFAULT_MINUTES = 10

/** Memory and the size of the file while records arrive at twice the rate that the store can take. */
export const storeSoak: FigureScenario = {
  name: 'store-soak',
  measures: 'Memory and file at twice the rate that the store can take, a sample each ten seconds',
  isByNameOnly: true,
  measure({ minutes = DEFAULT_MINUTES }) {
    return Participant.with({ module, args: [] }, async (host) => {
      const rowsPerSecond = valueIn(await host.ask('calibrate'), 'rowsPerSecond')
      await host.ask('start')
      const samples: Sample[] = []
      for (let count = 1; count <= minutes * SAMPLES_PER_MINUTE; count += 1) {
        await delay(SAMPLE_MS)
        const sample = await host.ask('sample')
        samples.push(sample)
        console.error(`${(count * SAMPLE_MS) / 1_000} s: ${lineOf(sample)}`)
      }
      return reportSoak(storeSoak.name, { rowsPerSecond, samples, end: await host.ask('end') })
    })
  },
}

function lineOf(sample: Sample): string {
  const megabytes = ['rssBytes', 'heapBytes', 'queuedBytes', 'storedBytes', 'fileBytes'].map(
    (name) => `${name.replace('Bytes', '')} ${Math.round(valueIn(sample, name) / 1_000_000)} MB`,
  )
  const counts = ['queuedRecords', 'written', 'shed', 'shedBodies'].map(
    (name) => `${name} ${valueIn(sample, name)}`,
  )
  return [...megabytes, ...counts].join(', ')
}
