import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { plainBodyOf } from '../../src/bodies/body.js'
import { describeBody } from '../../src/bodies/describe-body.js'
import { createRedactor } from '../../src/redact/redactor.js'
import { DEFAULT_WORK_UNITS, WorkBudget } from '../../src/redact/work-budget.js'

// Random cases take as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 })
afterEach(() => void vi.restoreAllMocks())

const redactor = createRedactor()
const TYPES = [
  'application/json',
  'application/xml',
  'application/x-ndjson',
  'text/event-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
]
const TOKENS = [
  ...['<', '>', '</', '/>', '<a', '<a>', '</a>', '<![CDATA[', ']]>', '<!--', '-->', '<!', '<?'],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '{"a":',
    '"a"',
    '{"a":1}',
    '{x}',
    '\\',
    '1',
    'null',
    '1e9',
  ],
  ...['\n', '\r\n', 'data: ', 'event:', '--b\r\n', '\r\n\r\n', '=', '&', '%41', ' ', 'name', 'x'],
]

function described(text: string, type: string, budget: WorkBudget): string {
  const bytes = Buffer.from(text)
  const body = plainBodyOf({ bytes, totalBytes: bytes.length, isWhole: true })
  return JSON.stringify(describeBody(body, type, redactor, budget).value)
}

/** Units of work that a text of a shape takes when nothing is left out. */
function unitsOf(unit: string, chars: number, type: string): number {
  const budget = new WorkBudget(Number.POSITIVE_INFINITY)
  described(unit.repeat(chars / unit.length), type, budget)
  return budget.spentUnits
}

it('the work for a body of any shape grows no faster than its length', () => {
  const shapes = fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(shapes, fc.constantFrom(...TYPES), (tokens, type) => {
      const unit = tokens.join('')
      const small = unitsOf(unit, 10_000, type)
      expect(unitsOf(unit, 100_000, type)).toBeLessThan(small * 12 + 1_000)
    }),
    { numRuns: 60 },
  )
})

it.each(TYPES)('a body of a mebibyte as %s takes no more work than the budget allows', (type) => {
  for (const unit of ['<a b="c=d">', '{x}\n', '{"a":"b=c"}\n', 'data: {"a":1}\n', '\n', 'a=%41&']) {
    const budget = new WorkBudget()
    described(unit.repeat(1_048_576 / unit.length), type, budget)
    // What was asked for and then left out counts, too.
    expect(budget.spentUnits).toBeLessThan(DEFAULT_WORK_UNITS * 2)
  }
})

it.each([
  ['application/xml', '<a>b=c</a>'],
  ['application/x-ndjson', '{"a":"b=c"}\n'],
  ['text/event-stream', 'data: b=c\n'],
  ['application/json', `[${'"b=c",'.repeat(5_000)}1]`],
])('the rest of a body is cut with a marker when the budget is spent: %s', (type, text) => {
  const isJson = type === 'application/json'
  const shown = described(
    isJson ? text : text.repeat(5_000),
    type,
    new WorkBudget(isJson ? 10_000 : 1_000),
  )
  expect(shown).toContain('b=c')
  expect(shown).toMatch(/\[truncated: \d+ (?:bytes|items)\]/)
  expect(shown.length).toBeLessThan(text.length * 2_500)
})

it('a body is replaced by a marker when the budget was spent before', () => {
  expect(described('{"a":1}', 'application/json', new WorkBudget(0))).toBe('"[truncated: 7 bytes]"')
})

it('hardly any of many malformed lines or strings cause an exception', () => {
  const parse = vi.spyOn(JSON, 'parse')
  described('{x}\n'.repeat(1_000), 'application/x-ndjson', new WorkBudget())
  described('data: {"a"\n'.repeat(1_000), 'text/event-stream', new WorkBudget())
  described(JSON.stringify(Array(1_000).fill('{"a":b')), 'application/json', new WorkBudget())
  const failures = parse.mock.results.filter(({ type }) => type === 'throw')
  expect(failures.length).toBeLessThan(5)
})

it('a long document is cut at 10,000 values before it is parsed', () => {
  const parse = vi.spyOn(JSON, 'parse')
  const text = JSON.stringify(
    Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 1])),
  )
  expect(described(text, 'application/json', new WorkBudget())).toMatch(/^\{"k0":1/)
  expect(Math.max(...parse.mock.calls.map(([json]) => json.length))).toBeLessThan(200_000)
})

it('usual bodies of 64 KiB are described in full', () => {
  const item = {
    id: 7,
    sku: 'sku-7919',
    name: 'A widget',
    at: '2026-11-21T10:00:00.000Z',
    price: 19.9,
  }
  const json = JSON.stringify(Array(600).fill(item))
  const xml = `<r>${'<item id="7"><sku>abc</sku><price>19.90</price></item>'.repeat(1_200)}</r>`
  const lines = `${JSON.stringify(item)}\n`.repeat(600)
  for (const [type, text] of [
    ['application/json', json],
    ['application/xml', xml],
    ['application/x-ndjson', lines],
  ] as const)
    expect(described(text, type, new WorkBudget())).not.toContain('truncated')
})
