import { expect, it } from 'vitest'
import { findingOf } from '../../src/blocked/make-report.js'
import type { Look, Sample } from '../../src/blocked/protocol.js'
import { frame, sample } from './samples.js'

const SOURCE = { limitMs: 1_000, end: 'ended', notOwn: [] } as const

function lookAt(route: string, key: number): Look {
  const open = { endpoint: `GET ${route}`, requestId: `req-${key}`, ageMs: 5 }
  const request = { ...open, method: 'GET', route, key }
  return { request, inFlight: [open], isDebugged: false }
}

function find(samples: readonly Sample[], blockedMs = 3_012.4) {
  return findingOf({ since: Date.UTC(2026, 0, 1), blockedMs, cpuMs: blockedMs, samples }, SOURCE)
}

it('a report names the request and the stack that most samples have', () => {
  const { report, request } = find([
    sample(['one:1', 'handler:5'], { look: lookAt('/a', 0) }),
    sample(['two:2', 'handler:5'], { look: lookAt('/b', 1) }),
    sample(['two:2', 'handler:5'], { look: lookAt('/b', 1) }),
  ])
  expect(report).toMatchObject({
    title: 'GET /b blocked the event loop for 3012 millisec!',
    since: '2026-01-01T00:00:00.000Z',
    blockedMs: 3_012,
    method: 'GET',
    route: '/b',
    requestId: 'req-1',
    samples: 3,
    stack: ['    at two (file:///srv/app.js:2:1)', '    at handler (file:///srv/app.js:5:1)'],
    note: null,
  })
  expect(request).toMatchObject({ key: 1 })
})

it('without a request a report names the calls in flight', () => {
  const look = { ...lookAt('/a', 0), request: null }
  const { report } = find([sample(['job:3'], { look })])
  expect(report).toMatchObject({
    title: 'The event loop was blocked for 3012 millisec!',
    route: null,
    requestId: null,
    inFlight: [{ endpoint: 'GET /a', requestId: 'req-0', ageMs: 5 }],
  })
})

it('a stack that was taken in time counts more than late ones', () => {
  const late = sample(['after:9'], { isLate: true })
  expect(find([late, late, sample(['work:1'])]).report).toMatchObject({
    stack: ['    at work (file:///srv/app.js:1:1)'],
    note: null,
  })
  expect(find([late]).report.note).toContain('Native code held the event loop')
})

it('where no frame is the application, the handler is the place, and the note says so', () => {
  const handler = frame('handler:5')
  const { report, place } = find([sample(['pkg/run:4'], { handler, look: lookAt('/a', 0) })])
  expect(report.stack).toEqual(['    at handler (file:///srv/app.js:5:1)'])
  expect(report.tree).toMatchObject([{ name: 'handler', line: 5, share: 1, children: [] }])
  expect(report.note).toContain('the place is that of the handler')
  expect(place).toContain('handler')
})

it('a block of which no stack could be taken is reported without one, and the note says so', () => {
  expect(find([]).report).toMatchObject({
    samples: 0,
    stack: [],
    tree: [],
    note: expect.stringContaining('No stack could be taken'),
  })
})

it('the place is the innermost function of the application, whatever the line, and the way is all of them', () => {
  const look = lookAt('/a', 0)
  const here = find([sample(['node:fs.read:3', 'work:1', 'handler:5'], { look })])
  const line = find([sample(['work:9', 'handler:5'], { look })])
  const way = find([sample(['work:1', 'other:5'], { look })])
  const deeper = find([sample(['work:1', 'work:1', 'work:1', 'handler:5'], { look })])
  expect(line).toMatchObject({ place: here.place, way: here.way })
  expect(way.place).toBe(here.place)
  expect(way.way).not.toBe(here.way)
  expect(deeper.way).toBe(here.way)
  expect(find([sample(['other:1'], { look })]).place).not.toBe(here.place)
})

it('a block whose process ended says that it lasted at least so long', () => {
  const block = { since: 0, blockedMs: 4_000, cpuMs: null, samples: [] }
  const { report } = findingOf(block, { ...SOURCE, end: 'process-ended' })
  expect(report.title).toBe(
    'The event loop was blocked for 4000 millisec or more, until the process ended!',
  )
})

it('a stack of a loop that goes on says nothing; without any other, and without processor time, nothing was blocked', () => {
  const timers = { name: 'processTimers', url: 'node:internal/timers', line: 1, column: 1 }
  const tick = { name: 'tick', url: 'file:///srv/slow-call/watch.js', line: 1, column: 1 }
  const idle = { ...sample([]), frames: [tick, timers] }
  const block = { since: 0, blockedMs: 1_000, cpuMs: 100, samples: [idle] }
  const source = { ...SOURCE, notOwn: ['file:///srv/slow-call/'] }
  expect(findingOf(block, source)).toMatchObject({
    isStarved: true,
    report: { samples: 0, stack: [], note: expect.stringContaining('got no processor') },
  })
  expect(findingOf({ ...block, cpuMs: 900 }, source).isStarved).toBe(false)
  // A timer of the application.
  const own = { ...idle, frames: [frame('work:1'), timers] }
  expect(findingOf({ ...block, samples: [own] }, source)).toMatchObject({
    isStarved: false,
    report: { samples: 1 },
  })
})

it('a stack that came late, without a frame of the application and without processor time, blames nobody', () => {
  const late = sample(['node:fs.onStreamRead'], { isLate: true, handler: frame('ok:9') })
  const block = { since: 0, blockedMs: 1_673, cpuMs: 200, samples: [late] }
  expect(findingOf(block, SOURCE).isStarved).toBe(true)
  // Native code that computed, JavaScript that ran, a child process that the application waited for, and one whose process is gone.
  const [cpu, inTime, own] = [
    { ...block, cpuMs: 1_600 },
    { ...block, samples: [{ ...late, isLate: false }] },
    { ...block, samples: [sample(['node:fs.read', 'work:3'], { isLate: true })] },
  ]
  for (const each of [cpu, inTime, own, { ...block, cpuMs: null }])
    expect(findingOf(each, SOURCE).isStarved).toBe(false)
})
