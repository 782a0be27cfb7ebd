import { expect, it } from 'vitest'
import { reportSoak, type Soak } from '../src/scenarios/store-soak.js'

const MINUTE = 6
const counts = { offered: 100, written: 60, shed: 39, shedBodies: 5, deadLettered: 1 }

function soakOf(...rssOfMinutes: number[]): Soak {
  const samples = rssOfMinutes.flatMap((megabytes) =>
    Array.from({ length: MINUTE }, (_none, at) => ({
      rssBytes: megabytes * 1e6,
      heapBytes: 50e6,
      fileBytes: (at === 3 ? 1_300 : 900) * 1e6,
      maxBytes: 1_000e6,
    })),
  )
  return { rowsPerSecond: 20_000, samples, end: counts }
}

it('sets the last minute against the first', () => {
  const [rss, heap] = reportSoak('soak', soakOf(200, 900, 230))
  expect(rss).toMatchObject({ value: 1.15, isMet: false, absolute: { a: 200, b: 230, unit: 'MB' } })
  expect(heap).toMatchObject({ value: 1, isMet: true })
})

it('sets the largest file against its limit', () => {
  const file = reportSoak('soak', soakOf(200, 900)).at(-1)
  expect(file).toMatchObject({ value: 1.3, isMet: false, absolute: { a: 1_000, b: 1_300 } })
})

it('says what became of the records', () => {
  expect(reportSoak('soak', soakOf(200))[0]?.note).toBe(
    'the store can take 20000 rows/s, offered 100, written 60, shed 39, without bodies 5, unaccounted 0',
  )
})
