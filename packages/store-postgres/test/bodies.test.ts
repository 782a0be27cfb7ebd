import { resolveFilter } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample, samples } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { pageStatement } from '../src/read/find.js'
import { DAY_MS } from '../src/schema/day.js'
import { PostgresDatabase } from './postgres-server.js'

/** Midnight, UTC. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS

let server: PostgresDatabase

beforeAll(async () => {
  server = await PostgresDatabase.create()
}, 60_000)

afterAll(() => server?.remove())

/** A store that is closed afterwards. */
async function withStore(
  schema: string,
  searchBodies: boolean,
  use: (store: CheckedAdapter) => Promise<void>,
): Promise<void> {
  const store = new CheckedAdapter(new PostgresStore(server.url({ schema })), { searchBodies })
  try {
    await store.open()
    await use(store)
  } finally {
    await store.close()
  }
}

function withBody(word: string) {
  return sample({ createdAt: TODAY, data: { output: { message: `${word} funds` } } })
}

/** What the rows of a day have in the column of the words. */
async function wordsIn(schema: string): Promise<unknown[]> {
  const rows = await server.admin(
    `SELECT body_words AS words FROM ${schema}.integration_requests ORDER BY id`,
  )
  return rows.map(({ words }) => words)
}

async function indexesOf(schema: string): Promise<string[]> {
  const rows = await server.admin(
    `SELECT tablename AS name FROM pg_indexes WHERE schemaname = $1 AND indexdef LIKE '%USING gin%' ORDER BY 1`,
    [schema],
  )
  return rows.map(({ name }) => String(name))
}

it('words of bodies are neither stored nor indexed without searchBodies', async () => {
  await withStore('untold', false, async (store) => {
    await store.insert([withBody('insufficient')])
    expect(await wordsIn('untold')).toEqual([null])
    expect(await indexesOf('untold')).toEqual([])
    const { items } = await store.find('integration_requests', { text: 'insufficient' })
    expect(items).toEqual([])
  })
})

it('earlier records are found by their summary, later ones by their bodies too, and every day gets the index', async () => {
  const early = { ...withBody('early'), keys: { summary: 'POST early' } }
  await withStore('told', false, (store) => store.insert([early]))
  const late = withBody('Späte')
  await withStore('told', true, async (store) => {
    await store.insert([late])
    expect(await wordsIn('told')).toEqual([null, ['message', 'späte', 'funds']])
    const find = async (text: string) => {
      const { items } = await store.find('integration_requests', { text })
      return items.map(({ id }) => id)
    }
    expect(await find('POST early')).toEqual([early.id])
    expect(await find('funds SPÄTE')).toEqual([late.id])
    await expect.poll(() => indexesOf('told'), { timeout: 10_000 }).toHaveLength(3)
  })
  // Once more, with the index there.
  await withStore('told', true, async (store) => {
    const { items } = await store.find('integration_requests', { text: 'späte' })
    expect(items.map(({ id }) => id)).toEqual([late.id])
  })
})

it('a record found by both its summary and its bodies is listed once, across pages too', async () => {
  await withStore('both', true, async (store) => {
    const records = samples(30, (index) => ({
      createdAt: TODAY + Math.floor(index / 4),
      keys: index % 2 === 0 ? { summary: 'needle' } : {},
      data: index % 3 === 0 ? { error: 'needle' } : {},
    }))
    await store.insert(records)
    const found: string[] = []
    let cursor: string | undefined
    do {
      const given = cursor === undefined ? {} : { cursor }
      const page = await store.find('integration_requests', { text: 'needle', limit: 3, ...given })
      found.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    const expected = records.filter((_, index) => index % 2 === 0 || index % 3 === 0)
    expect(found).toEqual(expected.map(({ id }) => id).toReversed())
  })
})

it('ten instances with searchBodies can start at once', async () => {
  const start = () => withStore('ten', true, (store) => store.insert([withBody('ten')]))
  await Promise.all(Array.from({ length: 10 }, start))
  expect(await wordsIn('ten')).toHaveLength(10)
})

it('a rare word is looked up in the word index, on the days of the time range only', async () => {
  await withStore('plan', true, async (store) => {
    for (const day of [TODAY, TODAY - DAY_MS]) {
      await store.insert(
        samples(4_000, (index) => ({
          createdAt: day + index,
          data: { output: `word${index} shared` },
        })),
      )
    }
    await server.admin('ANALYZE plan.integration_requests')
    const filter = resolveFilter({ text: 'word77', from: TODAY })
    const { text, values } = pageStatement('plan.integration_requests', filter)
    const [row] = await server.admin(`EXPLAIN (FORMAT JSON) ${text}`, values)
    const plan = JSON.stringify(row)
    const name = new Date(TODAY).toISOString().slice(0, 10).replaceAll('-', '')
    expect(plan).toContain(`"Index Name":"integration_requests_${name}_body_words_idx"`)
    const yesterday = new Date(TODAY - DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')
    expect(plan).not.toContain(yesterday)
  })
})
