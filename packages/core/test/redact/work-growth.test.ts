import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor, type Redactor } from '../../src/redact/redactor.js'
import { WorkBudget } from '../../src/redact/work-budget.js'

// Pieces that the scanner stops at, looks ahead from or looks back from; units are made of them at random.
const tokens = [
  ...[
    "'",
    '"',
    '`',
    '\\',
    '\\"',
    '=',
    ':',
    '=>',
    ',',
    ';',
    '&',
    '?',
    '#',
    '%',
    '%3d',
    '%22',
    '%25',
    '+',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '(',
    ')',
    '/',
    '//',
    '@',
    ' ',
    '\n',
    '\n  ',
    '\t',
    '.',
    '-',
    '- ',
    '--',
    '|',
    '|\n',
  ],
  ...[
    'password',
    'cookie',
    'authorization',
    'pin',
    'token',
    'api key',
    'pass',
    'received ',
    'value ',
    'entry ',
    'x',
    '1',
  ],
  ...[
    'bearer ',
    'basic ',
    'eyJ',
    'null',
    'is ',
    'not ',
    'é',
    '\ud800',
    '\u00a0',
    '"""',
    'http:',
    'user:',
    '-u ',
    '--pin ',
    '-pin ',
    'mysql ',
    'sshpass ',
    ' -p',
    '<password>',
    '</password>',
    '</x>',
    "'-p'",
  ],
  ...[
    '-----BEGIN PRIVATE KEY',
    '-----END ',
    'Key (',
    'identified by ',
    'failing row contains (',
    ' for key ',
    'string(3) ',
  ],
  ...['Array\n(\n', '\n    at f (a.js:1:2)', '\\\n', '!!str ', '{"', '":', '[{"', 'null,'],
]
// A key with what may stand around it and after it, since chance alone seldom makes one.
const pair = fc
  .tuple(
    fc.constantFrom('', '', "'", '"', '`', '(', '{', '\n', '\n  ', ' '),
    fc.constantFrom('password', 'cookie', 'authorization', 'pin', 'token', 'api key', 'x'),
    fc.constantFrom('=', ':', ': ', ' = ', '=>', '":', ":'", ':\n', '=\\'),
    fc.constantFrom(
      '',
      'x',
      'null',
      '1 1',
      'not ',
      'a,b',
      "'a'",
      '{',
      '[',
      '|',
      'bearer ',
      '%41',
      '\\',
    ),
  )
  .map((parts) => parts.join(''))
const unit = fc
  .array(fc.oneof(pair, fc.constantFrom(...tokens)), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
const prefix = fc.constantFrom(
  '',
  '',
  '',
  "'password=",
  'password="',
  '{"password":',
  '/?a=',
  'token: ',
  '//a:b',
)
const UNLIMITED = Number.MAX_SAFE_INTEGER

const paths: Record<string, (redactor: Redactor, text: string, budget: WorkBudget) => unknown> = {
  text: (redactor, text, budget) => redactor.text(text, budget),
  value: (redactor, text, budget) => redactor.value([text], budget),
  url: (redactor, text, budget) => redactor.url(text, budget),
  form: (redactor, text, budget) => redactor.form(text, budget),
  json: (redactor, text, budget) => redactor.json(text, budget),
  headers: (redactor, text, budget) => redactor.headers({ 'x-a': text, location: text }, budget),
}

/** Units of work for a text of a size, with a redactor that remembers nothing. */
function unitsFor(path: string, text: string): number {
  const budget = new WorkBudget(UNLIMITED)
  paths[path]?.(createRedactor(), text, budget)
  return budget.spentUnits
}

function repeated(before: string, part: string, chars: number): string {
  return before + part.repeat(Math.ceil(chars / part.length))
}

describe('the work of a redactor, in operations', () => {
  it.each(['text', 'value', 'url', 'form', 'headers', 'json'])(
    'for the method %s grows no faster than the text, from 10 KB to 100 KB',
    (path) => {
      fc.assert(
        fc.property(prefix, unit, (before, part) => {
          const small = unitsFor(path, repeated(before, part, 10_000))
          const large = unitsFor(path, repeated(before, part, 100_000))
          expect(large).toBeLessThan(11 * small + 2000)
        }),
        { numRuns: 150, seed: 102 },
      )
    },
    60_000,
  )

  it('for free text grows no faster than the text, up to 1 MB', () => {
    fc.assert(
      fc.property(prefix, unit, (before, part) => {
        const small = unitsFor('text', repeated(before, part, 10_000))
        const large = unitsFor('text', repeated(before, part, 1_000_000))
        expect(large).toBeLessThan(105 * small + 2000)
      }),
      { numRuns: 40, seed: 11 },
    )
  }, 60_000)

  it('is at most 10 units for each character', () => {
    fc.assert(
      fc.property(prefix, unit, (before, part) => {
        const text = repeated(before, part, 20_000)
        for (const path of Object.keys(paths))
          expect(unitsFor(path, text)).toBeLessThan(10 * text.length)
      }),
      { numRuns: 100, seed: 13 },
    )
  }, 60_000)

  it('ends when the budget is spent, for any text', () => {
    fc.assert(
      fc.property(prefix, unit, (before, part) => {
        const text = repeated(before, part, 100_000)
        for (const [path, call] of Object.entries(paths)) {
          const budget = new WorkBudget(2000)
          call(createRedactor(), text, budget)
          // What is under way is finished: one value may reach to the end of the text.
          expect(budget.spentUnits, path).toBeLessThan(2000 + text.length)
        }
      }),
      { numRuns: 100, seed: 17 },
    )
  }, 60_000)
})
