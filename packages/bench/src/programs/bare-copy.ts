import { once } from 'node:events'
import { type RecordRow, toRow } from '@fastify-scs/store/adapter'
import { PostgresStore } from '@fastify-scs/store-postgres'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { newIntegrationRequests } from '../store/integration-request.js'
import { answerRequests } from './answer-requests.js'
import { rateOf } from './started-store.js'

const [url = '', batchRecords = '100', connections = '1', turnRecords = '10000'] =
  process.argv.slice(2)

// The store makes the schema, its indexes and today's partition, so that they are the same.
const store = new PostgresStore(url)
await store.open()
await store.close()

const schema = new URL(url).searchParams.get('schema') ?? 'scs'
const clients = await Promise.all(Array.from({ length: Number(connections) }, connect))
const columns = await columnsOf(clients[0])
const statement = `COPY "${schema}".integration_requests (${columns.join(', ')}) FROM STDIN`

await answerRequests({
  turn: async () => {
    const rows = newIntegrationRequests(Number(turnRecords)).map((record) => toRow('bare', record))
    return rateOf(rows.length, () => copyAll(rows))
  },
})

async function connect(): Promise<pg.Client> {
  const address = new URL(url)
  address.searchParams.delete('schema')
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  return client
}

async function columnsOf(client: pg.Client | undefined): Promise<string[]> {
  const found = await client?.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [`"${schema}".integration_requests`],
  )
  return found?.rows.map(({ name }) => name) ?? []
}

/** Each connection takes the next batch when it is through with one. */
async function copyAll(rows: readonly RecordRow[]): Promise<void> {
  let next = 0
  const work = async (client: pg.Client): Promise<void> => {
    while (next < rows.length) {
      const batch = rows.slice(next, next + Number(batchRecords))
      next += batch.length
      const stream = client.query(copyFrom(statement))
      stream.end(batch.map(lineOf).join(''))
      await once(stream, 'finish')
    }
  }
  await Promise.all(clients.map(work))
}

function lineOf(row: RecordRow): string {
  return `${columns.map((column) => textOf(fieldOf(row, column))).join('\t')}\n`
}

/** `status_code` is the field `statusCode`, `user_id` the field `user`; words of bodies are not asked for. */
function fieldOf(row: RecordRow, column: string): string | number | null {
  if (column === 'created_at') return new Date(row.createdAt).toISOString()
  if (column === 'user_id') return row.user
  const field = column.replace(/_(.)/g, (_found, letter: string) => letter.toUpperCase())
  return row[field as keyof RecordRow] ?? null
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** A value in the text format of COPY. */
function textOf(value: string | number | null): string {
  if (value === null) return '\\N'
  return typeof value === 'string'
    ? value.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found)
    : String(value)
}
