import { describe, expect, it } from 'vitest'
import { normaliseStatement } from '../../src/statement/normalise-statement.js'

function of(system: string): (sql: string) => string {
  return (sql) => normaliseStatement(sql, system, false)
}
const postgres = of('postgresql')
const mysql = of('mysql')
const sqlite = of('sqlite')

describe('literals become placeholders', () => {
  it.each([
    ["SELECT 'it''s', 'b'", 'SELECT ?, ?'],
    ['SELECT 1, 1.5, .5, 1e-5, 0xFF, 1_000, 12abc', 'SELECT ?, ?, ?, ?, ?, ?, ?'],
    ["SELECT E'it\\'s' , x'ff', B'01', N'ä', U&'d\\0061t' FROM t", 'SELECT ?, ?, ?, ?, U&? FROM t'],
    ["SELECT E'a'\n  'b\\' c', d", 'SELECT ? ?, d'],
    ["SELECT 'C:\\', x", 'SELECT ?, x'],
    ["SELECT $$it's$$, $a$ $$ $b$ $a$, $1", 'SELECT ?, ?, ?'],
    [
      `SELECT '{"a": "b"}'::jsonb -> 'a', DATE '2020-01-01', INTERVAL '1 day'`,
      'SELECT ?::jsonb -> ?, DATE ?, INTERVAL ?',
    ],
    ['WHERE a = -5 AND b=+1 AND c - 5 > 1', 'WHERE a = ? AND b=? AND c - ? > ?'],
    ['SELECT TRUE, NULL', 'SELECT TRUE, NULL'],
  ])('PostgreSQL: %s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
  it.each([
    [`SELECT "it\\"s", 'it\\'s', _utf8mb4'a', 5--1`, 'SELECT ?, ?, ?, ?-?'],
    ['SELECT `a``b`, @x, @@global.y, "c"', 'SELECT `a``b`, @x, @@global.y, ?'],
  ])('MySQL: %s', (sql, normalised) => {
    expect(mysql(sql)).toBe(normalised)
  })
  it('SQLite: a quoted text behind a comparison is a literal, as it may be one', () => {
    expect(sqlite('SELECT "a" FROM [b c] WHERE "a"."x" = "b"."y" AND n = "it"')).toBe(
      'SELECT "a" FROM [b c] WHERE "a"."x" = "b"."y" AND n = ?',
    )
  })
  it('Oracle: a text in its own quotes is a literal', () => {
    expect(of('oracledb')("SELECT q'[it's]', nq'{a}', Q'!b'c!', 'd' FROM dual")).toBe(
      'SELECT ?, ?, ?, ? FROM dual',
    )
  })
})

describe('placeholders are all alike', () => {
  it.each([
    ['WHERE a = $1 AND b = $2::int', 'WHERE a = ? AND b = ?::int'],
    ['WHERE a = ? AND b = ?2', 'WHERE a = ? AND b = ?'],
    ['WHERE a = :name AND b = @p1', 'WHERE a = ? AND b = ?'],
  ])('%s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
})

describe('lists become one of their items', () => {
  it.each([
    ['WHERE a IN (1, 2, 3) AND b in($1,$2)', 'WHERE a IN (?) AND b in(?)'],
    ['WHERE a IN ($1::uuid, $2::uuid)', 'WHERE a IN (?::uuid)'],
    ['WHERE (a, b) IN ((1, 2), (3, 4))', 'WHERE (a, b) IN ((?, ?))'],
    ['WHERE a IN (SELECT b, b, c FROM d)', 'WHERE a IN (SELECT b, b, c FROM d)'],
    ['WHERE a = ANY(ARRAY[1, 2, 3]) AND x[1] = y[2]', 'WHERE a = ANY(ARRAY[?]) AND x[?] = y[?]'],
    ['SELECT ARRAY[[1,2],[3,4]]', 'SELECT ARRAY[[?]]'],
    [
      'INSERT INTO t (a, b) VALUES (1, 2), (3, 4),(5,6) RETURNING a',
      'INSERT INTO t (a, b) VALUES (?, ?) RETURNING a',
    ],
    ['INSERT INTO t VALUES (1, now()), (1, now());', 'INSERT INTO t VALUES (?, now())'],
    ['INSERT INTO t VALUES (1, 2), (1, now())', 'INSERT INTO t VALUES (?, ?), (?, now())'],
    [
      'SELECT * FROM (VALUES (1), (2)) t, (VALUES (3)) u',
      'SELECT * FROM (VALUES (?)) t, (VALUES (?)) u',
    ],
    ['VALUES ROW(1, 2), ROW(3, 4) ORDER BY 1', 'VALUES ROW(?, ?) ORDER BY ?'],
    ['INSERT INTO t (key, value) VALUES (1, 2)', 'INSERT INTO t (key, value) VALUES (?, ?)'],
    ['SELECT f(1, 1), coalesce($1, $1)', 'SELECT f(?, ?), coalesce(?, ?)'],
    [
      'ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES(b)',
      'ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES(b)',
    ],
  ])('%s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
})

describe('comments and white space are taken out', () => {
  it.each([
    [
      "SELECT 1 -- secret 'x\n  FROM t /*secret*/ WHERE a/**/=/*x*/1",
      'SELECT ? FROM t WHERE a = ?',
    ],
    ["SELECT a /* 1 /* 2 */ secret */ FROM t /*traceparent='00-ab'*/", 'SELECT a FROM t'],
    ['  SELECT\t a\r\n FROM t ; ', 'SELECT a FROM t'],
  ])('PostgreSQL: %s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
  it.each([
    ['SELECT a # secret\n FROM t', 'SELECT a FROM t'],
    ['SELECT /*!40001 SQL_NO_CACHE */ a /*+ x */ FROM t', 'SELECT SQL_NO_CACHE a FROM t'],
    ["/*!50000 SET a = 'x */ secret' */ b", 'SET a = ? b'],
  ])('MySQL: %s', (sql, normalised) => {
    expect(mysql(sql)).toBe(normalised)
  })
})

describe('what does not end hides the rest', () => {
  it.each([
    ["SELECT 'secret", 'SELECT ?'],
    ['SELECT $a$ secret $b$', 'SELECT ?'],
    ['SELECT a /* secret /* */', 'SELECT a'],
    ['SELECT "secret', 'SELECT ?'],
    ['SELECT `secret', 'SELECT ?'],
    ["SELECT 'a'' secret", 'SELECT ?'],
  ])('%s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
})

describe('names are kept', () => {
  it.each([
    [
      'SELECT "Or""der"."id" FROM public . "t" WHERE a::text IS NULL',
      'SELECT "Or""der"."id" FROM public."t" WHERE a::text IS NULL',
    ],
    ['SELECT größe, 注文 FROM t2_x$y', 'SELECT größe, 注文 FROM t2_x$y'],
    [
      "SELECT a ->> 'b', a #> '{c}', d <@ e, f @@ g, h && i",
      'SELECT a ->> ?, a #> ?, d <@ e, f @@ g, h && i',
    ],
  ])('%s', (sql, normalised) => {
    expect(postgres(sql)).toBe(normalised)
  })
  it('but not where they are too long for a name, or hold a line break', () => {
    expect(postgres(`SELECT "${'a'.repeat(200)}", "b\nc", "d"`)).toBe('SELECT ?, ?, "d"')
  })
})

describe('a statement that was cut', () => {
  it('is like any other that was cut elsewhere in the same list', () => {
    const cut = (sql: string) => normaliseStatement(sql, 'postgresql', true)
    expect(cut('INSERT INTO t VALUES (1, 2), (3, 4), (5')).toBe('INSERT INTO t VALUES (?, ?)…')
    expect(cut('INSERT INTO t VALUES (1, 2), (3, 4), ')).toBe('INSERT INTO t VALUES (?, ?)…')
    expect(cut("WHERE a IN ('a', 'b', 'c")).toBe('WHERE a IN (?…')
    expect(cut("WHERE a IN ('a', 'b',")).toBe('WHERE a IN (?…')
  })
})
