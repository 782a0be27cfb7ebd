import scsPlugin from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import store, { type StoreOptions, type StoreRecord } from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { SqliteStore } from '../src/index.js'

/** An app with a store in a SQLite file; it is closed when the test ends. */
export async function buildApp(
  path: string,
  options: StoreOptions = {},
  busyTimeoutMs = 50,
): Promise<FastifyInstance> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'test', audit: false })
  const adapter = new SqliteStore({ path, busyTimeoutMs })
  await app.register(store, { adapter, retryMs: 10, maxRetryMs: 50, ...options })
  app.get('/', () => 'alive')
  return app
}

/** Records with numbers from `first` on. */
export function numbered(count: number, first = 0, body = 'x'.repeat(1_000)): StoreRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'integration_requests' as const,
    id: createRecordId(),
    createdAt: Date.now(),
    revision: 0,
    keys: { service: 'test', summary: `number ${first + index}` },
    data: { number: first + index, body },
    importance: 'normal' as const,
  }))
}
