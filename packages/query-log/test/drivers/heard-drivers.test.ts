import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import mysql from 'mysql2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { observeIoredis } from '../../src/index.js'
import { buildApp } from '../build-app.js'
import { startMariadb, startRedis } from './database-servers.js'

/*
 * What drivers themselves do otherwise while anybody listens to their channels. The README names it; a version of a driver that changes it
 * fails here.
 */
const redis = await startRedis()
const mariadb = await startMariadb()

/** How many rejections that nobody handles, or errors that nobody catches, something leaves. */
async function leftBehind(event: 'unhandledRejection' | 'uncaughtException', run: () => unknown) {
  const listeners = process.listeners(event as 'uncaughtException')
  let left = 0
  process.removeAllListeners(event)
  process.on(event, () => void left++)
  try {
    run()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return left
  } finally {
    process.removeAllListeners(event)
    for (const listener of listeners) process.on(event, listener as () => void)
  }
}

describe.skipIf(redis === undefined)('Redis', () => {
  async function failingCommand(): Promise<{ client: Redis; run: () => void }> {
    const client = new Redis(redis?.port ?? 0, '127.0.0.1')
    onTestFinished(() => client.disconnect())
    await client.set('text', 'a')
    return { client, run: () => void client.lpush('text', 'b') }
  }

  it('a rejection of ioredis that nobody handles is told as unhandled, as without', async () => {
    const { client, run } = await failingCommand()
    await buildApp()
    expect(await leftBehind('unhandledRejection', run)).toBe(1)
    observeIoredis(client)
    expect(await leftBehind('unhandledRejection', run)).toBe(1)
  })

  it('it is not told where the application has the plugin listen to ioredis', async () => {
    const { run } = await failingCommand()
    expect(await leftBehind('unhandledRejection', run)).toBe(1)
    await buildApp({ channels: ['ioredis'] })
    expect(await leftBehind('unhandledRejection', run)).toBe(0)
  })

  it('a rejection of @redis/client that nobody handles is told as unhandled, as without', async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: redis?.port ?? 0 } })
    onTestFinished(() => client.destroy())
    await client.connect()
    await client.set('text', 'a')
    const run = () => void client.lPush('text', 'b')
    expect(await leftBehind('unhandledRejection', run)).toBe(1)
    await buildApp()
    expect(await leftBehind('unhandledRejection', run)).toBe(1)
  })
})

describe.skipIf(mariadb === undefined)('MariaDB', () => {
  it('an error of a query of mysql2 that nobody listens to does not end the process', async () => {
    const connection = mysql.createConnection({
      host: '127.0.0.1',
      port: mariadb?.port ?? 0,
      user: 'root',
    })
    onTestFinished(() => connection.destroy())
    const run = () => void connection.query('SELECT * FROM nowhere.nothing')
    expect(await leftBehind('uncaughtException', run)).toBe(1)
    await buildApp()
    expect(await leftBehind('uncaughtException', run)).toBe(0)
  })
})
