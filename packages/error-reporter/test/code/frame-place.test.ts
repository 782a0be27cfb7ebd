import { expect, it } from 'vitest'
import { locationOf, placeOfFrame } from '../../src/code/frame-place.js'

it.each([
  ['    at find (/app/src/a.js:10:5)', '/app/src/a.js'],
  ['    at /app/src/a.js:10:5', '/app/src/a.js'],
  ['    at async find (/app/src/a.js:10:5)', '/app/src/a.js'],
  ['    at async /app/src/a.js:10:5', '/app/src/a.js'],
  ['    at new Orders (file:///app/src/a.js:10:5)', 'file:///app/src/a.js'],
  ['    at Object.<anonymous> [as find] (file:///app/a.js?v=1:10:5)', 'file:///app/a.js?v=1'],
  ['    at Orders.find (C:\\app\\src\\a.js:10:5)', 'C:\\app\\src\\a.js'],
  ['    at file:///C:/app/src/a.js:10:5', 'file:///C:/app/src/a.js'],
  ['    at find (/app/src (old)/a.js:10:5)', '/app/src (old)/a.js'],
])('%s is read', (line, location) => {
  expect(locationOf(line)).toEqual({ location, line: 10, column: 5 })
})

it.each([
  'Error: at find (/app/src/a.js:10:5)',
  '    at node:internal/process/task_queues:95:5',
  '    at Array.map (<anonymous>)',
  '    at eval (eval at find (/app/src/a.js:10:5), <anonymous>:1:1)',
  '    at Promise.all (index 0)',
  '    at native',
  '    at find (webpack://orders/./src/a.ts:10:5)',
  '    at find (data:text/javascript,fail():1:1)',
  `    at find (/app/${'a'.repeat(2_000)}.js:10:5)`,
  '',
])('%s names no file', (line) => {
  expect(locationOf(line)).toBeUndefined()
})

it.runIf(process.platform !== 'win32')('a URL is a path, without its query', () => {
  const place = { line: 10, column: 5 }
  const of = (location: string): unknown => placeOfFrame(`    at find (${location}:10:5)`)
  expect(of('file:///app/src/a.ts?v=1')).toEqual({ file: '/app/src/a.ts', ...place })
  expect(of('file:///app/my%20src/a.ts')).toEqual({ file: '/app/my src/a.ts', ...place })
  for (const wrong of ['file://host/app/a.ts', 'file:///app/%2Fa.ts', 'C:\\app\\a.js']) {
    expect(of(wrong)).toBeUndefined()
  }
})
