import { expect, it } from 'vitest'
import { Sink } from '../src/measure/sink.js'

const post = (sink: Sink, path: string, body = '{}') =>
  fetch(`http://${sink.host}${path}`, { method: 'POST', body })

it('tells when so many reports have come in under a path, whatever comes in elsewhere', async () => {
  await Sink.with(async (sink) => {
    let hasArrived = false
    const arrival = sink.arrival('/ours', 2).then(() => {
      hasArrived = true
    })
    await post(sink, '/others')
    expect((await post(sink, '/ours')).status).toBe(200)
    expect(hasArrived).toBe(false)
    await post(sink, '/ours?version=7')
    await arrival
  })
})

it('does not take what Sentry sends by the clock for a report', async () => {
  const envelope = (type: string) => `{"sent_at":"now"}\n{"type":"${type}"}\n{}`
  await Sink.with(async (sink) => {
    const arrival = sink.arrival('/api/10/envelope/', 1)
    await post(sink, '/api/10/envelope/', envelope('session'))
    await post(sink, '/api/10/envelope/', envelope('client_report'))
    await post(sink, '/api/10/envelope/', envelope('event'))
    await arrival
    // Had one of the others counted, this would be one too many.
    const next = sink.arrival('/api/10/envelope/', 1)
    await post(sink, '/api/10/envelope/', envelope('event'))
    await next
  })
})

it('fails when reports stay away, and says how many', async () => {
  const waiting = Sink.with(async (sink) => {
    const arrival = sink.arrival('/ours', 3)
    await post(sink, '/ours')
    await arrival
  }, 50)
  await expect(waiting).rejects.toThrow('2 of 3 reports to /ours have not arrived')
})

it('fails when more came in than were asked for', async () => {
  const waiting = Sink.with(async (sink) => {
    const arrival = sink.arrival('/ours', 1)
    await post(sink, '/ours')
    await arrival
    await post(sink, '/ours')
    await sink.arrival('/ours', 1)
  })
  await expect(waiting).rejects.toThrow('1 reports too many to /ours')
})
