import { describe, expect, it } from 'vitest'
import { frameRuns, readFrame, sharedRoot, shortFile, summaryOf } from '../../page/report/frames.js'

describe('a line of a stack trace', () => {
  it.each([
    [
      '    at charge (file:///srv/app/src/payments.js:40:24)',
      'charge',
      '/srv/app/src/payments.js',
      40,
    ],
    [
      '    at async Object.<anonymous> (/srv/app/src/orders.ts:7:1)',
      'Object.<anonymous>',
      '/srv/app/src/orders.ts',
      7,
    ],
    ['    at /srv/app/src/main.js:3:9', undefined, '/srv/app/src/main.js', 3],
    [
      '    at new Pool (/srv/app/src/a (copy)/pool.js:1:2)',
      'new Pool',
      '/srv/app/src/a (copy)/pool.js',
      1,
    ],
  ])('%s is read', (text, name, file, line) => {
    expect(readFrame(text)).toMatchObject({ name, file, line, isOwn: true })
  })

  it.each([
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    '    at Object.handler (/srv/app/node_modules/fastify/lib/handle-request.js:159:9)',
    '    at Array.map (<anonymous>)',
    '    at eval (native)',
  ])('%s is not of the application', (text) => {
    expect(readFrame(text).isOwn).toBe(false)
  })

  it('that is no frame has no file', () => {
    expect(readFrame('TypeError: at last (it broke:1:2)').file).toBeUndefined()
  })
})

describe('a stack trace', () => {
  const trace = [
    'Error: no',
    '    at a (/srv/app/src/a.js:1:1)',
    '    at b (/srv/app/src/deep/b.js:2:2)',
    '    at c (/srv/app/node_modules/.pnpm/fastify@5.1.0/node_modules/fastify/lib/c.js:3:3)',
    '    at node:internal/d:4:4',
    '    at e (/srv/app/src/e.js:5:5)',
  ]

  it('is split into runs of own and foreign frames, in its order', () => {
    const runs = frameRuns(trace).map(({ isOwn, frames }) => [isOwn, frames.length])
    expect(runs).toEqual([
      [true, 2],
      [false, 2],
      [true, 1],
    ])
  })

  it('shows own files from their last common folder on, and packages by their names', () => {
    const runs = frameRuns(trace)
    const root = sharedRoot(runs)
    expect(shortFile('/srv/app/src/deep/b.js', root)).toBe('src/deep/b.js')
    expect(shortFile(runs[1]?.frames[0]?.file ?? '', root)).toBe('fastify/lib/c.js')
  })

  it('names what its foreign frames are of', () => {
    const files = [
      ...['/srv/app/node_modules/fastify/lib/c.js', '/srv/app/node_modules/@org/one/index.js'],
      ...['/srv/linked/dist/marks.js', 'node:internal/d', '/srv/app/node_modules/fastify/x.js'],
    ]
    expect(summaryOf(files.slice(0, 3).map((file) => ({ file })))).toBe(
      '3 frames of fastify, @org/one, marks.js',
    )
    expect(summaryOf(files.slice(3).map((file) => ({ file })))).toBe('2 frames of Node.js, fastify')
  })

  it('without a common folder shows whole paths', () => {
    const runs = frameRuns(['    at a (/srv/a.js:1:1)', '    at b (/opt/b.js:1:1)'])
    expect(sharedRoot(runs)).toBe('')
    expect(sharedRoot([])).toBe('')
  })
})
