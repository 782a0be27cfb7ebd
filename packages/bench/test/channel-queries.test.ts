import { describe, expect, it } from 'vitest'
import { databases, keyOf, ROWS_OF_ORDER } from '../src/queries/databases.js'
import { redis, withServer } from '../src/queries/debian-servers.js'

describe.skipIf(process.platform !== 'linux')('a server of a Debian package', () => {
  it('is skipped, and nothing measured, where it is not installed', async () => {
    const server = { ...redis, command: 'no-such-server' }
    expect(await withServer(server, async () => [1])).toEqual([])
  })

  it('is started, asked by each driver of it, and stopped', async (context) => {
    const found = await withServer(redis, async (port) => {
      const rows: number[] = []
      for (const driver of ['ioredis', '@redis/client']) {
        const database = await databases[driver]?.(`redis://127.0.0.1:${port}`, false)
        rows.push((await database?.rowsOf(1)) ?? -1)
        await database?.close()
      }
      return rows
    })
    if (found.length === 0) context.skip('redis-server is not installed')
    // It is empty.
    expect(found).toEqual([0, 0])
    expect([keyOf(1), ROWS_OF_ORDER]).toEqual(['shop:order:1', 4])
  })
})
