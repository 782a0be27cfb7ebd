import { Type } from '@sinclair/typebox'
import { readerFor, storeReaderFor } from '../query/reader.js'
import type { ConsoleRoutes } from './console-routes.js'
import { RouteQuery, RouteRow, StoreState } from './model.js'
import type { ApiParts } from './parts.js'

/** Declares the figures of the application's routes, and the store's own state. */
export function figureRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/routes',
    { query: RouteQuery, answer: Type.Array(RouteRow) },
    async ({ query, reply }) => storeReaderFor(parts, reply).routes(query),
  )

  routes.get('/api/store', { answer: StoreState }, async ({ reply }): Promise<StoreState> => {
    const stats = await readerFor(parts, reply)((store) => store.stats())
    const { stored, queue, busyMs, shed, shedBodies } = stats
    const { user, system } = process.cpuUsage()
    return {
      engine: stats.engine,
      isAvailable: stats.isAvailable,
      isReadOnly: stats.isReadOnly,
      records: stored === undefined ? null : { ...stored.records },
      deadLetters: stored?.deadLetters ?? null,
      bytes: stored?.bytes ?? null,
      queue: { ...queue },
      lagMs: stats.lagMs,
      outboxBytes: stats.outboxBytes,
      written: stats.written,
      shed: totalOf(shed),
      shedBodies: totalOf(shedBodies),
      pruned: stats.pruned,
      cost: {
        storeBusyMs: busyMs,
        processCpuMs: (user + system) / 1_000,
        uptimeMs: process.uptime() * 1_000,
      },
      console: {
        ...parts.gate.counts,
        failed: parts.failures.count,
        liveClients: parts.live.clients,
      },
    }
  })
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
