import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAX_TIME_MS } from '../src/schema/day.js'
import {
  binaryArray,
  type Codec,
  DOUBLE,
  INTEGER,
  JSON_TEXT,
  TEXT,
  TIMESTAMP,
  UUID,
} from '../src/write/binary-array.js'
import { PostgresDatabase } from './postgres-server.js'

let server: PostgresDatabase
let client: pg.Client

beforeAll(async () => {
  server = await PostgresDatabase.create()
  client = new pg.Client({ connectionString: server.url() })
  await client.connect()
}, 60_000)

afterAll(async () => {
  await client?.end()
  await server?.remove()
})

/** What the server makes of an array, value by value. */
async function readBy<Value>(
  codec: Codec<Value>,
  values: readonly (Value | null)[],
  shown = 'value::text',
): Promise<unknown[]> {
  const { rows } = await client.query<{ shown: unknown }>(
    `SELECT ${shown} AS shown FROM unnest($1::${codec.type}[]) WITH ORDINALITY AS given (value, at) ORDER BY at`,
    [binaryArray(codec, values)],
  )
  return rows.map((row) => row.shown)
}

it('texts arrive unchanged, whatever is in them', async () => {
  const texts = [
    '',
    'NULL',
    null,
    '{a,"b"}',
    'back\\slash',
    "it's",
    'Zoë 東京 🎉',
    'x'.repeat(9_000),
  ]
  expect(await readBy(TEXT, texts)).toEqual(texts)
})

it('JSON arrives as it was written, several megabytes too', async () => {
  const texts = [
    '{"b":1, "a":[ ]}',
    null,
    '"\\u00e9é"',
    JSON.stringify({ é: 'é'.repeat(2_000_000) }),
  ]
  expect(await readBy(JSON_TEXT, texts)).toEqual(texts)
})

it('UUIDs arrive unchanged', async () => {
  const uuids = [
    '019a0000-ffff-7abc-8def-0123456789ab',
    null,
    '00000000-0000-0000-0000-000000000000',
  ]
  expect(await readBy(UUID, uuids)).toEqual(uuids)
})

it('integers and fractions arrive unchanged, at their limits too', async () => {
  const integers = [0, -1, 2_147_483_647, -2_147_483_648, null]
  expect(await readBy(INTEGER, integers, 'value')).toEqual(integers)
  const doubles = [0, -0.1, 1_234.567_8, 5e-324, Number.MAX_VALUE, null]
  expect(await readBy(DOUBLE, doubles, 'value')).toEqual(doubles)
})

it('times arrive to the millisecond, from 1970 to the year 9999', async () => {
  const times = [0, 1, Date.UTC(1999, 11, 31, 23, 59, 59, 999), Date.UTC(2026, 0, 15), MAX_TIME_MS]
  const shown = await readBy(TIMESTAMP, times, 'value')
  expect(shown).toEqual(times.map((time) => new Date(time)))
})

it('an empty array arrives as one', async () => {
  expect(await readBy(TEXT, [])).toEqual([])
})
