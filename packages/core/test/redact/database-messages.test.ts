import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const { text, value } = createRedactor()

/** A value that no rule knows by its name or form. */
const V = 'canary bird'
const CUT = '[redacted]'

/** Messages with their source, and with `V` where the value stands. */
const MESSAGES: readonly (readonly [source: string, message: string])[] = [
  ['PostgreSQL 18, 22P02', `invalid input syntax for type integer: "${V}"`],
  ['PostgreSQL 9.6, 22P02', `invalid input syntax for integer: "${V}"`],
  ['PostgreSQL 18, 22P02', `invalid input syntax for type uuid: "${V}"`],
  ['PostgreSQL 18, 22P02, quotes in the value', `invalid input syntax for type json: "a "${V}" b"`],
  ['PostgreSQL 18, 22P02', `invalid input value for enum mood: "${V}"`],
  ['PostgreSQL 18, 22P02', `malformed array literal: "${V}"`],
  ['PostgreSQL 18, 22P02', `malformed range literal: "${V}"`],
  ['PostgreSQL 18, 22008', `date/time field value out of range: "${V}"`],
  ['PostgreSQL 18, 22003', `value "${V}" is out of range for type integer`],
  ['PostgreSQL 18, 22007', `invalid value "${V}" for "YYYY"`],
  ['PostgreSQL 18, 22023', `time zone "${V}" not recognized`],
  ['PostgreSQL 18, 42601', `syntax error in tsquery: "${V}"`],
  ['PostgreSQL 18, 42601', `syntax error at or near "${V}"`],
  ['PostgreSQL 18, 42601', `unterminated quoted string at or near "'${V}"`],
  ['PostgreSQL 18, detail of 22P02', `Token "${V}" is invalid.`],
  ['PostgreSQL 18, detail of 22P02', `Expected JSON value, but found "${V}".`],
  ['PostgreSQL 18, where', `JSON data, line 1: ${V}`],
  ['PostgreSQL 18, where', `COPY people, line 3, column age: "${V}"`],
  ['PostgreSQL 18, where', `unnamed portal with parameters: $1 = '${V}', $2 = '${V}'`],
  ['PostgreSQL 18, where', `unnamed portal parameter $1 = '${V}'`],
  ['PostgreSQL 18, detail of 23505', `Key (email)=(${V}) already exists.`],
  ['PostgreSQL 18, detail of 23505', `Key (lower(email), id)=(${V}, 5) already exists.`],
  ['PostgreSQL 18, detail of 23503', `Key (owner)=(${V}) is not present in table "people".`],
  ['PostgreSQL 18, detail of 23503', `Key (id)=(${V}) is still referenced from table "orders".`],
  ['PostgreSQL 18, detail of 23P01', `Key (a)=(${V}) conflicts with existing key (a)=(${V}).`],
  ['PostgreSQL 18, detail of 23514', `Failing row contains (1, ${V}, null).`],
  ['MariaDB 11, 1062', `Duplicate entry '${V}' for key 'email'`],
  ['MySQL 8, 1062', `Duplicate entry 'it's-${V}' for key 'people.email'`],
  ['MySQL 8, 1366', `Incorrect integer value: '${V}' for column 'age' at row 1`],
  ['MariaDB 11, 1366', `Incorrect integer value: '${V}' for column \`d\`.\`t\`.\`age\` at row 1`],
  ['MySQL 8, 1366', `Incorrect string value: '${V}' for column 'name' at row 1`],
  ['MariaDB 11, 1292', `Incorrect datetime value: '${V}'`],
  ['MariaDB 11, 1292', `Truncated incorrect DOUBLE value: '${V}'`],
  ['MySQL 8, 1690', `BIGINT UNSIGNED value is out of range in '${V}'`],
  ['MySQL 8, 1298', `Unknown or incorrect time zone: '${V}'`],
  ['MySQL 8, 1300', `Invalid utf8mb4 character string: '${V}'`],
  [
    'MariaDB 11, 1064',
    `You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '${V}' AND\na = '${V}'' at line 1`,
  ],
  ['SQLite 3', `near "${V}": syntax error`],
  ['SQLite 3', `unrecognized token: "'${V}"`],
  ['SQLite 3.41', `no such column: "${V}" - should this be a string literal in single-quotes?`],
  [
    'MongoDB 7',
    `E11000 duplicate key error collection: shop.people index: email_1 dup key: { email: "${V}", n: { a: 1 } }`,
  ],
  ['MongoDB 3', `E11000 duplicate key error collection: a.b index: c_1 dup key: { : "${V}" }`],
  ['Mongoose 8', `Cast to ObjectId failed for value "${V}" (type string) at path "_id"`],
  ['Redis 7', `ERR unknown command 'FOO', with args beginning with: '${V}' '${V}' `],
  [
    'Drizzle 0.44',
    `Failed query: insert into "people" ("email") values ($1)\nparams: ${V},5\n${V}`,
  ],
  [
    'Knex 3 on PostgreSQL',
    `insert into "people" ("email") values ('${V}') - duplicate key value violates unique constraint "people_email_key"`,
  ],
  [
    'Knex 3 on MySQL',
    `insert into \`people\` (\`email\`) values ('it\\'s ${V}') - Duplicate entry 'it's ${V}' for key 'email'`,
  ],
  [
    'Knex 3 on SQLite',
    `update \`people\` set \`email\` = '${V}' where \`id\` = '${V}' - UNIQUE constraint failed: people.email`,
  ],
  [
    'Knex 3',
    `select * from "people" where "age" = '${V} - it''s' limit 5 - invalid input syntax for type integer: "${V}"`,
  ],
  ['Knex 3', `select my_function('${V}') - function my_function(unknown) does not exist`],
  ['Knex 3', `delete from "people" where "email" in ('a', '${V}') - column "x" does not exist`],
  ['Sequelize 6, its log', `Executing (default): SELECT * FROM people WHERE name = '${V}';`],
  ['a log', `slow: WITH a AS (SELECT id FROM t WHERE x = '${V}') UPDATE t SET y = E'${V}'`],
  [
    'Prisma 7',
    `Invalid \`prisma.people.create()\` invocation:\n\n{\n  data: {\n    age: "${V}"\n         ~~~~~\n  }\n}\n\nArgument \`age\`: Invalid value provided. Expected Int, provided String.`,
  ],
  [
    'Prisma 7, with lines of code',
    `\nInvalid \`prisma.people.create()\` invocation in\n/srv/app.js:12:3\n\n  11 \n→ 12 await prisma.people.create({\n       data: {\n         age: "${V}"\n       }\n     })\n\nArgument \`age\`: Invalid value provided.`,
  ],
]

const FRAMES = '\n    at parse (/srv/app/node_modules/pg-protocol/dist/parser.js:285:98)'

describe('what a message of a database quotes is cut', () => {
  it.each(MESSAGES)('%s: %s', (_source, message) => {
    const cut = text(message)
    expect(cut).not.toContain(V)
    expect(cut).toContain(CUT)
    expect(text(cut)).toBe(cut)
    expect(text(`error: ${message}${FRAMES}`)).not.toContain(V)
    expect(text(`error: ${message}${FRAMES}`)).toContain(FRAMES)
    expect(text(`it broke\nerror: ${message}\nand went on`)).not.toContain(V)
    expect(JSON.stringify(value({ detail: message }))).not.toContain(V)
    expect(text(JSON.stringify({ detail: message }))).not.toContain(V)
  })
})

describe('the rest of such a message stays readable', () => {
  it.each([
    [`Key (email)=(a@b.c) already exists.`, `Key (email)=(${CUT}) already exists.`],
    [
      `Duplicate entry 'x' for key 'people.email'`,
      `Duplicate entry '${CUT}' for key 'people.email'`,
    ],
    [
      `Incorrect integer value: 'x' for column 'age' at row 1`,
      `Incorrect integer value: '${CUT}' for column 'age' at row 1`,
    ],
    [`near "x": syntax error`, `near "${CUT}": syntax error`],
    [`syntax to use near 'x' at line 1`, `syntax to use near '${CUT}' at line 1`],
    [
      `value "99999999999" is out of range for type integer`,
      `value "${CUT}" is out of range for type integer`,
    ],
    [
      `"1e400" is out of range for type double precision`,
      `"${CUT}" is out of range for type double precision`,
    ],
    [
      `E11000 duplicate key error collection: shop.people index: email_1 dup key: { email: "x" }`,
      `E11000 duplicate key error collection: shop.people index: email_1 dup key: { ${CUT} }`,
    ],
    [
      `insert into "people" ("email", "age") values ('x', 5) - null value in column "name" of relation "people" violates not-null constraint`,
      `insert into "people" ("email", "age") values ('${CUT}', ${CUT}) - null value in column "name" of relation "people" violates not-null constraint`,
    ],
    [
      `select * from \`people\` where \`a\` - b > 5 and \`name\` = "x" limit 5 - Unknown column 'b' in 'where clause'`,
      `select * from \`people\` where \`a\` - b > ${CUT} and \`name\` = "${CUT}" limit ${CUT} - Unknown column 'b' in 'where clause'`,
    ],
    [
      'Failed query: insert into "people" ("email") values ($1)\nparams: x',
      `Failed query: insert into "people" ("email") values ($1)\nparams: ${CUT}`,
    ],
  ])('%s', (message, expected) => {
    expect(text(message)).toBe(expected)
  })
})

describe('a statement that is quoted itself, as in a source file', () => {
  it.each([
    [
      `run("INSERT INTO t VALUES ('x', 5)", 'a')`,
      `run("INSERT INTO t VALUES ('${CUT}', ${CUT})", 'a')`,
    ],
    [`run('INSERT INTO t VALUES (\\'x\\')')`, `run('INSERT INTO t VALUES (\\'${CUT}')`],
    [
      `in 'UPDATE t SET a = 'x', b = 'y' WHERE c = 1'`,
      `in 'UPDATE t SET a = '${CUT}', b = '${CUT}' WHERE c = ${CUT}'`,
    ],
    ['run(`UPDATE t SET c = 1`)', `run(\`UPDATE t SET c = ${CUT}\`)`],
  ])('%s', (statement, expected) => {
    expect(text(statement)).toBe(expected)
  })
})

describe('what only looks like such a message is left as it is', () => {
  it.each([
    'select a value from the list below, it is "Europe" or \'Asia\'',
    "Please select 'Yes' - then continue",
    "update your profile - the name 'bob' is taken",
    "Delete 'draft' - not allowed here",
    "we met near 'the park' at noon",
    'the value "high" is not allowed for "level"',
    'column "nothing" does not exist',
    'relation "people" does not exist',
    "Unknown column 'nothing' in 'where clause'",
    'UNIQUE constraint failed: people.email',
    'value too long for type character varying(5)',
    'duplicate key value violates unique constraint "people_email_key"',
    'null value in column "name" of relation "people" violates not-null constraint',
    'SELECT id FROM orders WHERE name = ? AND id IN (?) LIMIT ?',
    'insert into "people" ("email") values ($1) returning "id"',
    'it was replaced with the new one, "b", within 5 minutes',
    'params: a, b',
    "They didn't insert into the slot: it's broken",
    '12 times SELECT * FROM order_lines WHERE order_id = ?, 884 ms',
    "all('SELECT article FROM order_lines WHERE article = ?')\nthrow new Error('no money')",
    'all("DELETE FROM order_lines WHERE (order_id = ?)")\nthrow new Error("no money")',
    "all(`\n  SELECT article FROM order_lines WHERE article = $1\n`)\nthrow new Error('no money')",
  ])('%s', (message) => {
    expect(text(message)).toBe(message)
  })
})

describe('a placeholder behind the name of a secret is no secret', () => {
  it.each([
    'UPDATE people SET password = ? WHERE id = ?',
    'SELECT id FROM people WHERE pin = ANY(?)',
    'SELECT id FROM people WHERE token=? and secret = $2',
    'INSERT INTO t SELECT * FROM u WHERE u.api_key = lower(?) LIMIT ?',
    'GET session:?',
    'GET session:?:name',
  ])('%s', (statement) => {
    expect(text(statement)).toBe(statement)
  })

  it.each(['password = ?hunter22', 'password: ? hunter22', 'token=$2abc'])('%s', (secret) => {
    expect(text(secret)).not.toMatch(/hunter22|abc/)
  })
})
