import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseStatement } from '../../src/statement/normalise-statement.js'

const CANARY = 'cAnArY7391'
const NUMBER_CANARY = '73917391'
const RUNS = { numRuns: 2_000 }

/** What tries to end a literal, or to begin one. */
const noise = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    "\\'",
    "''",
    '$$',
    '$a$',
    '/*',
    '*/',
    '--',
    '#',
    '\n',
    ']',
    ';',
    ')',
    'ü',
  ),
)
const text = fc.tuple(noise, noise).map(([before, after]) => before + CANARY + after)

type Literal = (value: string) => string

const doubled =
  (quote: string): Literal =>
  (value) =>
    quote + value.replaceAll(quote, quote + quote) + quote
const escaped =
  (quote: string): Literal =>
  (value) =>
    quote + value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
const comment: Literal = (value) => `/* ${value.replaceAll('*', '').replaceAll('/', '')}*/ `
const line: Literal = (value) => `-- ${value.replaceAll('\n', '')}\n`

/** How each database writes a literal, or something else that is not to be seen. */
const LITERALS: Readonly<Record<string, readonly Literal[]>> = {
  postgresql: [
    doubled("'"),
    (value) => `E${escaped("'")(value)}`,
    (value) => `e'a'\n ${escaped("'")(value)}`,
    (value) => `$tag$${value.replaceAll('$', '')}$tag$`,
    (value) => `$$${value.replaceAll('$', '')}$$`,
    (value) => `N${doubled("'")(value)}`,
    (value) => `U&${doubled("'")(value)}`,
    comment,
    (value) => `/* a /* b */ ${comment(value)} */ `,
    line,
  ],
  mysql: [
    escaped("'"),
    escaped('"'),
    (value) => `_utf8mb4${escaped("'")(value)}`,
    (value) => `/*!50000 a = ${escaped("'")(value)} */ `,
    comment,
    line,
    (value) => `# ${value.replaceAll('\n', '')}\n`,
  ],
  sqlite: [doubled("'"), (value) => `= ${doubled('"')(value)} `, comment, line],
  mssql: [doubled("'"), (value) => `N${doubled("'")(value)}`, comment, line],
  oracledb: [
    doubled("'"),
    (value) => `q'[${value.replaceAll(']', '')}]'`,
    (value) => `NQ'!${value.replaceAll('!', '')}!'`,
    comment,
    line,
  ],
}

/** What every database reads alike. */
const whole = fc.constantFrom(
  ...[
    'SELECT a FROM t WHERE b',
    ' = ',
    ' , ',
    '(',
    ')',
    ' IN (',
    'VALUES (1, ',
    '-5 ',
    ' a.b::int ',
    ' ? ',
    ':name ',
  ],
  ...[
    "'it''s' ",
    "'' ",
    ' 0xff ',
    '1e-5 ',
    '/* x */',
    '-- x\n',
    '`a b` ',
    ' - ',
    ' * ',
    '; ',
    ' ROW(',
    ' [1] ',
    ' ä ',
  ],
)
const before = fc.array(whole, { maxLength: 8 }).map((parts) => parts.join(''))

describe.each(Object.entries(LITERALS))('of a statement for %s', (system, literals) => {
  it('no literal and no comment is seen, whatever it is and whatever is around it', () => {
    fc.assert(
      fc.property(
        before,
        text,
        fc.constantFrom(...literals),
        noise,
        fc.boolean(),
        (head, value, literal, tail, isCut) => {
          const normalised = normaliseStatement(`${head} ${literal(value)}${tail}`, system, isCut)
          expect(normalised).not.toContain(CANARY)
        },
      ),
      RUNS,
    )
  })

  it('no literal is seen where the statement is cut within it', () => {
    fc.assert(
      fc.property(
        before,
        text,
        fc.constantFrom(...literals),
        fc.nat(),
        (head, value, literal, at) => {
          const written = literal(value)
          const end = written.indexOf(CANARY) + CANARY.length
          const cut = written.slice(0, end + (at % (written.length - end + 1)))
          expect(normaliseStatement(`${head} ${cut}`, system, true)).not.toContain(CANARY)
        },
      ),
      RUNS,
    )
  })

  it('no number is seen', () => {
    const numbers = fc
      .constantFrom('', '0x', '.', '1.', '1e', '1e-', '-', '+', '1_')
      .map((start) => start + NUMBER_CANARY)
    fc.assert(
      fc.property(before, numbers, noise, (head, value, tail) => {
        expect(normaliseStatement(`${head} ${value}${tail}`, system, false)).not.toContain(
          NUMBER_CANARY,
        )
      }),
      RUNS,
    )
  })
})

describe('a statement', () => {
  const system = fc.constantFrom(...Object.keys(LITERALS), 'cockroachdb')

  it('is normalised alike whatever its values are, and however many its lists have', () => {
    const make = ([a, b, list]: readonly [string, number, readonly number[]]): string =>
      `SELECT * FROM t WHERE a = ${doubled("'")(a.replaceAll('\\', ''))} AND b > ${b} AND c IN (${list.join(', ')})`
    const values = fc.tuple(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(fc.integer(), { minLength: 1 }),
    )
    fc.assert(
      fc.property(values, system, (given, where) => {
        expect(normaliseStatement(make(given), where, false)).toBe(
          'SELECT * FROM t WHERE a = ? AND b > ? AND c IN (?)',
        )
      }),
      RUNS,
    )
  })

  it('that is anything at all never throws, and is never made longer by more than its marks', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(noise, { maxLength: 40 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anything, system, fc.boolean(), (sql, where, isCut) => {
        const normalised = normaliseStatement(sql, where, isCut)
        // A comma gets a space.
        expect(normalised.length).toBeLessThanOrEqual(sql.length * 2 + 1)
      }),
      RUNS,
    )
  })
})
