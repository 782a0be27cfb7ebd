import { describe, expect, it } from 'vitest'
import { normaliseStatement } from '../../src/statement/normalise-statement.js'

const MEGABYTE = 1_000_000
/** Between what takes a second and what takes minutes: a text of 1 MB that is read again from each of its characters. */
const MINUTES_NOT_MS = 20_000

// What makes a careless scanner look at the rest of the text again and again.
const units = [
  ...[
    "'",
    '"',
    '`',
    '[',
    ']',
    '$',
    '$a',
    '$a$',
    '$$',
    '\\',
    '/*',
    '*/',
    '--',
    '#',
    '--\n',
    '/**/',
    '/*!',
  ],
  ...[
    '(',
    ')',
    ',',
    '((',
    '(?,',
    'IN (',
    'IN (1, (',
    'VALUES (',
    'VALUES (1), ',
    '(1), ',
    'ARRAY[',
    '?, ',
    '::',
    '@',
    '@@',
  ],
  ...[
    "E'",
    "q'[",
    "''",
    '"a',
    '1',
    '1e+',
    '.',
    '0x',
    '1.',
    'a',
    'a.',
    ' ',
    '\n',
    '\u00a0',
    '-',
    '- -',
    'ä',
    '\ud800',
  ],
]
const heads = ['', 'SELECT a IN (', 'VALUES (']

describe.each(['postgresql', 'mysql', 'sqlite', 'oracledb'])(
  'a statement for %s is normalised in time proportional to its length',
  (system) => {
    it.each(units)(
      '1 MB of %j',
      (unit) => {
        for (const head of heads) {
          const sql = head + unit.repeat(Math.ceil(MEGABYTE / 4 / unit.length))
          const startedAt = performance.now()
          normaliseStatement(sql, system, false)
          expect(performance.now() - startedAt).toBeLessThan(MINUTES_NOT_MS)
        }
      },
      MINUTES_NOT_MS * 3,
    )
  },
)

it('equal lists within lists are compared once', () => {
  let list = '1'
  for (let depth = 0; depth < 14; depth += 1) list = `x IN (${list}, ${list})`
  const startedAt = performance.now()
  expect(normaliseStatement(list, 'postgresql', false)).toContain('x IN (?)')
  expect(performance.now() - startedAt).toBeLessThan(MINUTES_NOT_MS)
})
