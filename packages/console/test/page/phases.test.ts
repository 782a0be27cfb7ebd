import { describe, expect, it } from 'vitest'
import { slowFactsOf } from '../../page/slow/phases.js'

const report = {
  kind: 'slow',
  method: 'GET',
  route: '/orders/:id',
  durationMs: 1_000,
  limitMs: 500,
  phase: null,
  isAborted: false,
  phases: {
    uploadMs: 50,
    parsingMs: 10,
    hooksMs: 40,
    handlerMs: 900,
    serializationMs: 50,
    sendingMs: null,
  },
  eventLoop: { maxDelayMs: 5, meanDelayMs: 1, utilization: 0.4 },
  gc: { count: 2, totalMs: 100, longestMs: 80, observedMs: 1_000 },
  outbound: { calls: [{ durationMs: 600 }], totalMs: 600, share: 0.6 },
  inFlightAtStart: 3,
  occurrence: 4,
  suppressed: 0,
}

const partsOf = (data: unknown): Record<string, number> =>
  Object.fromEntries(slowFactsOf(data)?.parts.map(({ name, ms }) => [name, ms]) ?? [])

describe('where the time of a slow call went', () => {
  it('is split into its phases, and the handler into what explains it', () => {
    expect(partsOf(report)).toEqual({
      upload: 50,
      parsing: 10,
      hooks: 40,
      outbound: 600,
      gc: 100,
      handler: 200,
      serialization: 50,
    })
  })

  it('fills the bar: the shares add up to 1', () => {
    const shares = slowFactsOf(report)?.parts.map(({ share }) => share) ?? []
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  })

  it('says when the event loop was held up, and counts garbage collection in it once', () => {
    const heldUp = { ...report, outbound: null, eventLoop: { maxDelayMs: 400, utilization: 1 } }
    expect(partsOf(heldUp)).toMatchObject({ gc: 100, blocked: 300, handler: 500 })
  })

  it('never shows more within the handler than the handler took', () => {
    const parts = partsOf({
      ...report,
      outbound: { calls: [], totalMs: 5_000, share: 1 },
      eventLoop: { maxDelayMs: 5_000, utilization: 1 },
    })
    expect(parts).toEqual({ upload: 50, parsing: 10, hooks: 40, outbound: 900, serialization: 50 })
  })

  it('tells the figures of the process in words', () => {
    expect(slowFactsOf(report)?.figures).toContainEqual({
      label: 'Outbound calls',
      text: '1, 600 ms',
    })
    expect(slowFactsOf({ ...report, gc: null })?.figures.map(({ label }) => label)).not.toContain(
      'Garbage collection',
    )
  })

  it('is not known of data of another kind', () => {
    for (const data of [null, 'slow', [], {}, { phases: {}, durationMs: 'long' }])
      expect(slowFactsOf(data)).toBeUndefined()
  })
})
