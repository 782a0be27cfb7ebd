import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { observeIoredis } from '../../src/index.js'
import { startRedis } from './database-servers.js'
import { expectSame, type Script } from './differential.js'
import { places } from './places.js'

const server = await startRedis()

describe.skipIf(server === undefined).each(Object.entries(places))(
  'a client of ioredis that is observed, %s',
  (_name, place) => {
    async function same(
      script: Script<Redis>,
      options: { lazyConnect?: boolean } = {},
    ): Promise<void> {
      const [bare, observed] = [createClient(options), observeIoredis(createClient(options))]
      const other = createClient({})
      const afresh: Script<Redis> = async (redis, seen) => {
        await other.flushall()
        await script(redis, seen)
      }
      await place(() => expectSame({ bare, observed }, afresh))
    }

    function createClient(options: { lazyConnect?: boolean }): Redis {
      const redis = new Redis(server?.port ?? 0, '127.0.0.1', { retryStrategy: null, ...options })
      onTestFinished(() => redis.disconnect())
      redis.on('error', () => {})
      return redis
    }

    it('gives the same results, errors and order', () =>
      same(async (redis, seen) => {
        const get = seen.call('get', () => redis.get('a'))
        const set = seen.call('set', () => redis.set('a', '1'))
        await Promise.all([
          seen.settled('get', get),
          seen.settled('set', set),
          seen.settled('lpush', redis.lpush('a', 'x')),
          seen.settled('mget', redis.mget('a', 'b')),
          seen.settled('buffer', redis.getBuffer('a')),
          seen.settled('no command', redis.call('NOSUCH', 'a')),
        ])
        await seen.settled(
          'hgetall',
          redis.hset('h', 'a', '1').then(() => redis.hgetall('h')),
        )
      }))

    // Of what an open connection answers, ticks between two commands depend on the pieces in which it arrives.
    it('settles in the same tick what it answers without the server', () =>
      same(
        async (redis, seen) => {
          await seen.settled('quit', redis.quit(), Promise.resolve())
          await seen.settled('get', redis.get('a'), Promise.resolve())
          void redis.set('a', '1')
          await seen.settled('multi', redis.multi().get('a').exec(), Promise.resolve())
          await seen.done()
        },
        { lazyConnect: true },
      ))

    it('leaves a rejection that nobody handles unhandled', () =>
      same(async (redis, seen) => {
        await redis.set('a', '1')
        void redis.lpush('a', 'x')
        void redis.call('NOSUCH')
        await redis.ping()
        await seen.done()
      }))

    it('gives pipelines, transactions and scripts the same', () =>
      same(async (redis, seen) => {
        await seen.settled(
          'pipeline',
          redis.pipeline().set('a', '1').lpush('a', 'x').get('a').exec(),
        )
        await seen.settled('multi', redis.multi().incr('n').lpush('a', 'x').get('n').exec())
        await seen.settled('multi without a pipeline', redis.multi({ pipeline: false }))
        await seen.settled('incr', redis.incr('n'))
        await seen.settled('exec', redis.exec())
        redis.defineCommand('plus', {
          numberOfKeys: 1,
          lua: 'return redis.call("INCRBY", KEYS[1], ARGV[1])',
        })
        const { plus } = redis as unknown as { plus: (key: string, by: number) => Promise<unknown> }
        for (const by of [1, 2]) await seen.settled('script', plus.call(redis, 'n', by))
        await redis.script('FLUSH')
        await seen.settled('script again', plus.call(redis, 'n', 3))
      }))

    it('calls back with the same arguments, this and context of the application', () =>
      same(async (redis, seen) => {
        for (const context of ['a', 'b', 'c']) {
          seen.within(context, () => {
            redis.get('a', seen.callback('get'))
            redis.lpush('a', context, seen.callback('lpush'))
          })
          // Whatever is under way at once comes in one piece from the server or in two.
          await seen.done()
          seen.within(context, () => {
            redis.get(
              'a',
              seen.callback('get', () => redis.set('a', context, seen.callback('set'))),
            )
          })
          await seen.done()
          seen.within(context, () => redis.pipeline().get('a').exec(seen.callback('exec')))
          await seen.done()
        }
      }))

    it('connects, waits and ends the same', () =>
      same(
        async (redis, seen) => {
          seen.events('redis', redis, ['connect', 'ready', 'close', 'end'])
          seen.note('keys', Object.keys(redis).sort())
          seen.within('a', () => redis.get('a', seen.callback('queued')))
          await seen.settled('second', redis.set('a', '1'))
          await seen.settled('connect', redis.connect())
          const open = redis.blpop('nothing', 0)
          redis.disconnect()
          await seen.settled('cut', open)
          await seen.settled('late', redis.get('a'))
          seen.within('b', () => redis.connect(seen.callback('connect')))
          await seen.settled('again', redis.get('a'))
        },
        { lazyConnect: true },
      ))
  },
)

describe('observeIoredis', () => {
  it.each([
    undefined,
    null,
    5,
    {},
    { sendCommand() {}, connect() {}, defineCommand() {}, isCluster: true },
  ])('refuses %j', (value) => {
    expect(() => observeIoredis(value as never)).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  })

  it('observes a client once', () => {
    const redis = observeIoredis(new Redis({ lazyConnect: true }))
    const { sendCommand } = redis
    expect(observeIoredis(redis)).toBe(redis)
    expect(redis.sendCommand).toBe(sendCommand)
  })
})
