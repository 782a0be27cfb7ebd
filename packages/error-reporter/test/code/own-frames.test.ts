import { expect, it } from 'vitest'
import { MAX_PLACES, OwnFrames } from '../../src/code/own-frames.js'
import type { CrashReport } from '../../src/report/crash-report.js'

const NOTHING = { kind: 'fatal', trace: [], stack: [], causes: [], error_caught: null }

function linesOf(
  report: object,
  roots: readonly [string, string] = ['/app', '/app'],
): readonly string[] {
  const frames = new OwnFrames(roots).of({ ...NOTHING, ...report } as unknown as CrashReport)
  return frames.map(({ place: { file, line } }) => `${file}:${line}`)
}

function at(file: string, line = 1): string {
  return `    at find (${file}:${line}:1)`
}

it('those of the trace, the call and the causes are found in this order, each once', () => {
  const cause = { trace: [at('/app/cause.js'), at('/app/trace.js')] }
  const part = { trace: [at('/app/part.js')], causes: [{ trace: [at('/app/cause-of-part.js')] }] }
  const report = {
    causes: [cause, { trace: [], errors: [part] }],
    error_caught: { errors: [{ trace: [at('/app/caught.js')] }] },
    stack: [at('/app/call.js')],
    trace: ['Error: no', at('/app/trace.js'), at('/app/trace.js'), at('/app/trace.js', 2)],
  }
  expect(linesOf(report)).toEqual([
    '/app/trace.js:1',
    '/app/trace.js:2',
    '/app/call.js:1',
    '/app/caught.js:1',
    '/app/cause.js:1',
    '/app/part.js:1',
    '/app/cause-of-part.js:1',
  ])
})

it('those of packages, of Node.js and outside of the root are none', () => {
  const trace = [
    at('/app/node_modules/some/index.js'),
    at('node:internal/fs'),
    at('/application/a.js'),
    at('/app/../etc/a.js'),
    at('/other/a.js'),
  ]
  expect(linesOf({ trace })).toEqual([])
  expect(linesOf({ trace: [at('/app/a.js')] }, ['/', '/'])).toHaveLength(1)
})

it('are 20 at most, of 300 lines', () => {
  const trace = Array.from({ length: 400 }, (_, line) => at('/app/a.js', line + 1))
  expect(linesOf({ trace })).toHaveLength(MAX_PLACES)
  const others = Array.from({ length: 300 }, () => 'Error')
  expect(linesOf({ trace: [...others, at('/app/a.js')] })).toEqual([])
})

it('where a plugin has reported a call is none, and what was caught may be anything', () => {
  expect(linesOf({ kind: 'slow', stack: [at('/app/call.js')] })).toEqual([])
  for (const errors of ['no list', [null], [{ trace: 'none' }], [{ trace: [], causes: [] }]]) {
    expect(linesOf({ error_caught: { errors }, trace: [at('/app/a.js')] })).toHaveLength(1)
  }
  expect(linesOf({ error_caught: 'a text' })).toEqual([])
})

it('are read by way of the real root where they name a link to it', () => {
  const trace = [at('/current/a.js'), at('/releases/5/a.js'), at('/releases/4/a.js')]
  expect(linesOf({ trace }, ['/current', '/releases/5'])).toEqual(['/releases/5/a.js:1'])
})
