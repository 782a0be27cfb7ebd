import { EventEmitter } from 'node:events'
import { observeMongo } from '@fastify-scs/query-log'
import { MongoClient } from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectOwnQueries, lettersOf, queriesOf } from './observed-app.js'

const CANARY = 'canary-7f3a'
/** No package of Debian or npm has a server: a test of the observer against a real one needs the address of one. */
const { SCS_TEST_MONGODB_URL: url } = process.env
if (url === undefined) {
  process.stderr.write(
    '\nno MongoDB server: tests that need it are SKIPPED. To run them: SCS_TEST_MONGODB_URL=mongodb://127.0.0.1:27017\n',
  )
}

/** The events as the driver documents them, without a driver and a server behind them. */
class CommandEvents extends EventEmitter {
  readonly options = { monitorCommands: true }
  #requestId = 0

  async run(commandName: string, command: object, ending: object = { reply: { ok: 1 } }) {
    const event = { requestId: ++this.#requestId, connectionId: 1, address: 'a:1', commandName }
    this.emit('commandStarted', { ...event, command })
    await new Promise((resolve) => setTimeout(resolve, 2))
    this.emit('failure' in ending ? 'commandFailed' : 'commandSucceeded', { ...event, ...ending })
  }
}

describe('observeMongo, by events as the driver documents them', () => {
  it('tells of a command: its fields, its duration, its rows', async () => {
    const client = observeMongo(new CommandEvents())
    const { runs } = await queriesOf(async () => {
      const firstBatch = [{ name: CANARY }, { name: CANARY }]
      await client.run(
        'find',
        { find: 'orders', filter: { name: CANARY } },
        { reply: { cursor: { firstBatch } } },
      )
      await client.run('update', { update: 'orders' }, { reply: { n: 3 } })
      await client.run(
        'insert',
        { insert: 'orders' },
        { failure: Object.assign(new Error(CANARY), { code: 11000 }) },
      )
    })
    expect(runs).toMatchObject([
      { system: 'mongodb', text: 'find orders { name: ? }', rows: 2, errorCode: null },
      { text: 'update orders', rows: 3, durationMs: expect.any(Number) },
      { text: 'insert orders', errorCode: expect.any(String) },
    ])
    expect(JSON.stringify(runs)).not.toContain(CANARY)
  })

  it('observes a client once', async () => {
    const client = observeMongo(observeMongo(new CommandEvents()))
    const { texts } = await queriesOf(() => client.run('ping', { ping: 1 }))
    expect(texts).toEqual(['ping'])
  })

  it('survives events that are none', async () => {
    const client = observeMongo(new CommandEvents())
    const { fact } = await queriesOf(() => {
      client.emit('commandSucceeded', { requestId: 5 })
      client.emit('commandFailed', {})
    })
    expect(fact).toBeUndefined()
  })

  it.each([undefined, null, {}, new MongoClient('mongodb://127.0.0.1:1')])(
    'refuses what is no client with monitorCommands',
    (value) => {
      expect(() => observeMongo(value as never)).toThrow(
        expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
      )
    },
  )

  it('takes a client of the driver', () => {
    const client = new MongoClient('mongodb://127.0.0.1:1', { monitorCommands: true })
    expect(observeMongo(client)).toBe(client)
  })
})

describe.skipIf(url === undefined)('observeMongo, against a server', () => {
  async function connect() {
    const client = observeMongo(
      new MongoClient(`${url}`, { monitorCommands: true, maxPoolSize: 5 }),
    )
    onTestFinished(() => client.close())
    await client.connect()
    const items = client.db('scs_query_log').collection<{ _id: number; name: string }>('items')
    await items.deleteMany({})
    await items.insertMany([1, 2, 3].map((_id) => ({ _id, name: CANARY })))
    return items
  }

  it('tells of commands, rows and errors, and of no value', async () => {
    const items = await connect()
    const { runs } = await queriesOf(async () => {
      await items.find({ name: CANARY }).toArray()
      await items.updateOne({ _id: 1 }, { $set: { name: `${CANARY}-2` } })
      await items.insertOne({ _id: 1, name: CANARY }).catch(() => {})
    })
    expect(runs).toMatchObject([
      { text: 'find items { name: ? }', rows: 3, errorCode: null },
      { text: 'update items { _id: ? } { $set: { name: ? } }', rows: 1 },
      { text: 'insert items', errorCode: expect.any(String) },
    ])
    expect(JSON.stringify(runs)).not.toContain(CANARY)
  })

  it('notes nothing of one request in another', async () => {
    const items = await connect()
    await expectOwnQueries(
      async (index, pause) => {
        await items.find({ [`a_${lettersOf(index)}`]: 1 }).toArray()
        await pause()
        await items.countDocuments({ [`b_${lettersOf(index)}`]: 1 })
      },
      (index) => [
        `find items { a_${lettersOf(index)}: ? }`,
        expect.stringContaining(`b_${lettersOf(index)}`),
      ],
    )
  })
})
