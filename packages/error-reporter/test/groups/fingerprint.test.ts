import { expect, it } from 'vitest'
import { FingerprintCache, framesOf, normalizeMessage } from '../../src/groups/fingerprint.js'

it('a message keeps its words and loses its ids and numbers', () => {
  expect(normalizeMessage('user 17 has 0191d2f0-0000-7000-8000-000000000001, 3 of a1b2c3d4')).toBe(
    'user # has #, # of #',
  )
  expect(normalizeMessage('no digits at all')).toBe('no digits at all')
  expect(normalizeMessage('42')).toBe('#')
})

it('a message counts up to its 512th character', () => {
  const message = (at: number): string => normalizeMessage(`${'é'.repeat(at)}x`)
  expect(message(511)).toBe(`${'é'.repeat(511)}x`)
  expect(message(512)).toBe('é'.repeat(512))
})

it('five frames of the application count, of the first 50 lines of a stack', () => {
  const frames = (count: number): string =>
    Array.from({ length: count }, (_, at) => `    at f${at} (/app/a.js:1:1)`).join('\n')
  const names = ['f0', 'f1', 'f2', 'f3', 'f4'].map((name) => `${name} (/a.js)`)
  expect(framesOf(frames(6), '/app')).toEqual(names)
  expect(framesOf(`${'Error\n'.repeat(48)}${frames(6)}`, '/app')).toEqual(names.slice(0, 2))
})

it('a frame is a line that begins with spaces and at', () => {
  const lines = [
    'Error: look at x (/app/x.js:1:1)',
    'at y (/app/y.js:1:1)',
    '  at z (/app/z.js:1:1)',
  ]
  expect(framesOf(lines.join('\n'), '/app')).toEqual(['z (/z.js)'])
  expect(framesOf('   ', '/app')).toEqual([])
})

it.each([
  ['node:internal/process/task_queues:95:5', []],
  ['f (node:fs:1:1)', []],
  ['f (/app/node_modules/pg/lib/client.js:1:1)', []],
  ['f (C:\\app\\node_modules\\pg\\client.js:1:1)', []],
  ['Array.map (<anonymous>)', []],
  ['<anonymous>', []],
  ['new <anonymous> (/app/b.js:12:34)', ['new <anonymous> (/b.js)']],
  ['async f (file:///app/b.js:12:34)', ['f (/b.js)']],
  ['file:///app/b.js:12:34', ['/b.js']],
  ['f (/app/async b:1:1/b.js:12:34)', ['f (/async b:1:1/b.js)']],
  ['f (/my_node_modules/b.js:1:1)', ['f (/my_node_modules/b.js)']],
])('of the frame %j the function and the file count, if it is the application’s', (line, own) => {
  // Where no frame is the application's, those of others count.
  expect(framesOf(`Error\n    at ${line}\n    at own (/app/own.js:1:1)`, '/app')).toEqual([
    ...own,
    'own (/own.js)',
  ])
})

it('a fingerprint is used from the moment it was made, and replacing one forgets no other', () => {
  const known = new FingerprintCache(2, 1_000)
  known.set('a', 'A', 5_000)
  known.set('b', 'B', 5_000)
  known.set('b', 'C', 5_000)
  expect([known.get('a', 5_000), known.get('b', 5_000)]).toEqual(['A', 'C'])
  known.set('c', 'D', 5_000)
  expect([known.get('a', 5_000), known.get('c', 5_000)]).toEqual([undefined, 'D'])
})
