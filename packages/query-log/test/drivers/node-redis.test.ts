import { createClient, createClientPool } from '@redis/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../build-app.js'
import { startRedis } from './database-servers.js'
import { AT_ONCE, expectOwnQueries, lettersOf, queriesOf, toldOf } from './observed-app.js'

const server = await startRedis()
const CANARY = 'canary-7f3a'
const options = { socket: { host: '127.0.0.1', port: server?.port ?? 0 } }

async function openClient() {
  const client = createClient(options)
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.destroy())
  return client
}

describe.skipIf(server === undefined)('@redis/client, against Redis', () => {
  it('tells of a command: its name, the shape of its key, its duration', async () => {
    const redis = await openClient()
    const { runs } = await queriesOf(() => redis.set('user:42', CANARY))
    expect(runs).toEqual([
      {
        system: 'redis',
        text: 'SET user:?',
        durationMs: expect.any(Number),
        waitMs: null,
        rows: null,
        errorCode: null,
      },
    ])
  })

  it('tells of each command of a pipeline, and of a transaction as of one', async () => {
    const redis = await openClient()
    const { texts } = await queriesOf(async () => {
      await redis.multi().set('cart:1', 'a').get('cart:1').execAsPipeline()
      await redis.multi().incr('visits:today').expire('visits:today', 9).exec()
      await Promise.all([redis.get('a:1'), redis.get('a:2')])
    })
    expect(texts).toEqual(['SET cart:?', 'GET cart:?', 'MULTI', 'GET a:?', 'GET a:?'])
  })

  it('tells the error of a command', async () => {
    const redis = await openClient()
    const { runs } = await queriesOf(async () => {
      await redis.set('text:1', 'a')
      await redis.lPush('text:1', 'b').catch(() => {})
    })
    expect(runs).toMatchObject([
      { text: 'SET text:?', errorCode: null },
      { text: 'LPUSH text:?', errorCode: expect.stringMatching(/Error$/) },
    ])
  })

  it('tells of commands that wait for the connection', async () => {
    const client = createClient(options)
    client.on('error', () => {})
    onTestFinished(() => client.destroy())
    const { texts } = await queriesOf(async () => {
      const connecting = client.connect()
      await client.get('early:1')
      await connecting
    })
    expect(texts).toEqual(['GET early:?'])
  })

  it('tells of a blocking command for as long as it waits', async () => {
    const redis = await openClient()
    const { runs } = await queriesOf(() => redis.blPop('jobs:empty', 0.2))
    expect(runs).toMatchObject([{ text: 'BLPOP jobs:?' }])
    expect(runs[0]?.durationMs).toBeGreaterThan(150)
  })

  it('never tells a value', async () => {
    const redis = await openClient()
    const { fact } = await queriesOf(async () => {
      await redis.set(`session:${CANARY}`, CANARY)
      await redis.set(CANARY, CANARY)
      await redis.mSet({ [`a:${CANARY}`]: CANARY, [`b:${CANARY}`]: CANARY })
      await redis.hSet('h:1', CANARY, CANARY)
      await redis.hGet('h:1', CANARY)
      await redis.sIsMember('s:1', CANARY)
      await redis.zAdd('z:1', { score: 1, value: CANARY })
      await redis.eval(`return '${CANARY}'`, { keys: [CANARY], arguments: [CANARY] })
      await redis.publish(CANARY, CANARY)
      await redis.echo(CANARY)
      await redis.sendCommand([CANARY, CANARY]).catch(() => {})
      await redis.multi().set(CANARY, CANARY).exec()
    })
    expect(fact?.count).toBe(12)
    expect(JSON.stringify(fact).toLowerCase()).not.toContain('canary')
  })

  it('notes nothing of one request in another', async () => {
    const redis = await openClient()
    const own = (index: number) => `${lettersOf(index)}:x`
    await expectOwnQueries(
      async (index, pause) => {
        await redis.set(own(index), index)
        await pause()
        await Promise.all([
          redis.get(own(index)),
          redis.multi().del(own(index)).expire(own(index), 9).execAsPipeline(),
          redis.multi().exists(own(index)).exec(),
        ])
        await redis.exists(own(index))
      },
      (index) => [
        ...['SET', 'GET', 'DEL', 'EXPIRE', 'EXISTS'].map((name) => `${name} ${lettersOf(index)}:?`),
        'MULTI',
      ],
    )
  })

  it('notes nothing of one request in another with a pool, whose waiting tasks are nobody’s', async () => {
    const pool = createClientPool(options, { minimum: 1, maximum: 2 })
    await pool.connect()
    onTestFinished(() => pool.destroy())
    const { app } = await buildApp()
    const told = new Map<number, readonly string[]>()
    app.get<{ Params: { index: string } }>('/:index', async (request) => {
      const index = Number(request.params.index)
      for (let time = 0; time < 3; time++) await pool.get(`${lettersOf(index)}:x`)
      await pool.execute(async (client) => {
        await client.get(`${lettersOf(index)}:x`)
        await client.get(`${lettersOf(index)}:x`)
      })
      told.set(index, toldOf(request).texts)
    })
    await Promise.all([...Array(AT_ONCE).keys()].map((index) => app.inject(`/${index}`)))
    expect(told.size).toBe(AT_ONCE)
    for (const [index, texts] of told) {
      expect(['', `GET ${lettersOf(index)}:?`]).toContain([...new Set(texts)].join())
    }
    // Alone, it has a client at once.
    const { texts } = await queriesOf(async () => {
      await pool.get('warm:1')
      await pool.get('alone:1')
    })
    expect(texts).toEqual(['GET warm:?', 'GET alone:?'])
  })
})
