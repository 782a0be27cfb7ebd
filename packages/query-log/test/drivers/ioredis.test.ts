import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { observeIoredis } from '../../src/index.js'
import { startRedis } from './database-servers.js'
import { expectOwnQueries, lettersOf, queriesOf as queriesWith } from './observed-app.js'

const server = await startRedis()
const CANARY = 'canary-7f3a'

/** The ways in which commands are noted. */
const WAYS = {
  'by observeIoredis': { isObserved: true, options: {} },
  'by its channels': { isObserved: false, options: { channels: ['ioredis'] } },
} as const

describe.skipIf(server === undefined).each(Object.entries(WAYS))(
  'ioredis against Redis, %s',
  (_way, { isObserved, options: noted }) => {
    async function createClient(
      options: { lazyConnect?: boolean; db?: number } = {},
    ): Promise<Redis> {
      const client = new Redis(server?.port ?? 0, '127.0.0.1', options)
      onTestFinished(() => client.disconnect())
      client.on('error', () => {})
      if (isObserved) observeIoredis(client)
      if (options.lazyConnect !== true) await client.ping()
      return client
    }

    const queriesOf: typeof queriesWith = (handler, options) =>
      queriesWith(handler, { ...noted, ...options })

    it('tells of a command: its name, the shape of its key, its duration', async () => {
      const redis = await createClient()
      const { runs } = await queriesOf(() => redis.set('user:42', CANARY, 'EX', 10))
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

    it('tells of each command of a pipeline and of a transaction', async () => {
      const redis = await createClient()
      const { texts } = await queriesOf(async () => {
        await redis.pipeline().set('cart:1', 'a').get('cart:1').exec()
        await redis.multi().incr('visits:today').expire('visits:today', 9).exec()
      })
      expect(texts).toEqual([
        'SET cart:?',
        'GET cart:?',
        'MULTI',
        'INCR visits:?',
        'EXPIRE visits:?',
        'EXEC',
      ])
    })

    it('keeps as many commands of a pipeline as of anything', async () => {
      const redis = await createClient()
      const { fact } = await queriesOf(
        async () => {
          const pipeline = redis.pipeline()
          for (let index = 0; index < 50; index++) pipeline.get(`item:${index}`)
          await pipeline.exec()
        },
        { maxQueries: 20 },
      )
      expect(fact).toMatchObject({ count: 50, leftOut: 30 })
      expect(fact?.statements).toMatchObject([{ text: 'GET item:?', times: 50, isRepeated: true }])
    })

    it('tells the error of a command', async () => {
      const redis = await createClient()
      const { runs } = await queriesOf(async () => {
        await redis.set('text:1', 'a')
        await redis.lpush('text:1', 'b').catch(() => {})
      })
      expect(runs).toMatchObject([
        { text: 'SET text:?', errorCode: null },
        { text: 'LPUSH text:?', errorCode: 'ReplyError' },
      ])
    })

    it('tells of a script by the name of its command alone', async () => {
      const redis = await createClient()
      redis.defineCommand('addTwice', {
        numberOfKeys: 1,
        lua: `return redis.call('INCRBY', KEYS[1], 2 * ARGV[1]) -- ${CANARY}`,
      })
      const { texts, fact } = await queriesOf(async () => {
        await redis.eval(`return '${CANARY}'`, 1, 'a:b', CANARY)
        const { addTwice } = redis as unknown as Record<string, (...args: string[]) => unknown>
        await addTwice?.call(redis, 'sum:1', '4')
        await addTwice?.call(redis, 'sum:1', '4')
      })
      // What a script is sent as is made up after it was handed over.
      expect(texts).toEqual(['EVAL', isObserved ? 'EVALSHA' : 'EVAL', 'EVALSHA'])
      expect(JSON.stringify(fact)).not.toContain(CANARY)
    })

    it('tells of a blocking command for as long as it waits', async () => {
      const redis = await createClient()
      const { runs } = await queriesOf(() => redis.blpop('jobs:empty', 0.2))
      expect(runs).toMatchObject([{ text: 'BLPOP jobs:?' }])
      expect(runs[0]?.durationMs).toBeGreaterThan(150)
    })

    it('tells of what is published, and not of its channel', async () => {
      const redis = await createClient()
      const { texts } = await queriesOf(() => redis.publish(`news:${CANARY}`, CANARY))
      expect(texts).toEqual(['PUBLISH'])
    })

    it('does not tell of its handshake; of commands that have waited for the connection only observed', async () => {
      const redis = await createClient({ lazyConnect: true, db: 1 })
      const { texts } = await queriesOf(async () => {
        await redis.get('early:1')
        await redis.set('late:1', 'a')
      })
      expect(texts).toEqual(isObserved ? ['GET early:?', 'SET late:?'] : ['SET late:?'])
    })

    it('never tells a value', async () => {
      const redis = await createClient()
      const { fact } = await queriesOf(async () => {
        await redis.set(`session:${CANARY}`, CANARY)
        await redis.set(CANARY, CANARY)
        await redis.mset({ [`a:${CANARY}`]: CANARY, [`b:${CANARY}`]: CANARY })
        await redis.hset('h:1', CANARY, CANARY)
        await redis.hget('h:1', CANARY)
        await redis.sadd('s:1', CANARY)
        await redis.sismember('s:1', CANARY)
        await redis.zadd('z:1', 1, CANARY)
        await redis.xadd('x:1', '*', CANARY, CANARY)
        await redis.getset(`g:${CANARY}`, CANARY)
        await redis.echo(CANARY)
        await redis.call('OBJECT', 'ENCODING', CANARY)
        await redis.call('AUTH', CANARY).catch(() => {})
        await redis.call(CANARY, CANARY).catch(() => {})
        await redis.config('GET', CANARY)
        await redis.sort('s:1', 'BY', CANARY)
        await redis.scan('0', 'MATCH', CANARY)
      })
      expect(fact?.count).toBe(17)
      expect(JSON.stringify(fact).toLowerCase()).not.toContain('canary')
    })

    it('notes nothing of one request in another', async () => {
      const redis = await createClient()
      const own = (index: number) => `${lettersOf(index)}:x`
      await expectOwnQueries(
        async (index, pause) => {
          await redis.set(own(index), index)
          await pause()
          await Promise.all([
            redis.get(own(index)),
            redis.pipeline().del(own(index)).expire(own(index), 9).exec(),
            redis.multi().exists(own(index)).exec(),
          ])
          await new Promise((resolve) => redis.get(own(index), resolve))
        },
        (index) => [
          ...['SET', 'GET', 'DEL', 'EXPIRE', 'EXISTS', 'GET'].map(
            (name) => `${name} ${lettersOf(index)}:?`,
          ),
          'MULTI',
          'EXEC',
        ],
        noted,
      )
    })

    it('notes nothing of one request in another when the first one opens the connection', async () => {
      const redis = await createClient({ lazyConnect: true })
      await expectOwnQueries(
        async (index) => {
          await redis.get(`${lettersOf(index)}:x`)
          await redis.set(`${lettersOf(index)}:y`, '')
        },
        // The first ones wait for the connection.
        (index) => [
          ...(isObserved ? [`GET ${lettersOf(index)}:?`] : []),
          `SET ${lettersOf(index)}:?`,
        ],
        noted,
      )
    })
  },
)
