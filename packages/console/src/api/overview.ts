import type { TimeBucket } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { readerFor, storeReaderFor } from '../query/reader.js'
import { chartSpan, spanOf } from '../record/time-span.js'
import type { ConsoleRoutes } from './console-routes.js'
import { OverviewSeries, ReleaseRow, type Series, ServiceRow, SpanQuery } from './model.js'
import type { ApiParts } from './parts.js'

/** Services that the chart of failed calls shows. */
const CHART_SERVICES = 10
const RELEASES = 20

/** Declares what the overview shows: the charts, the services and the releases. */
export function overviewRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/series',
    { query: SpanQuery, answer: OverviewSeries },
    async ({ query, reply }) => {
      const read = readerFor(parts, reply)
      const span = chartSpan(spanOf(query))
      const counted = { ...span, percentiles: false }
      const [reports, calls, events, releases] = await Promise.all([
        read((store) => store.buckets('reports', { ...counted, by: 'status' })),
        read((store) =>
          store.buckets('integration_requests', { ...counted, status: 'Failed', by: 'service' }),
        ),
        read((store) => store.buckets('audit_events', { ...counted, by: 'level' })),
        read((store) => store.releases(RELEASES)),
      ])
      return {
        ...span,
        reports: seriesOf(reports),
        failedCalls: seriesOf(calls).slice(0, CHART_SERVICES),
        auditEvents: seriesOf(events),
        releases: releases
          .filter(({ firstSeenAt }) => firstSeenAt >= span.from && firstSeenAt < span.to)
          .map(({ release, firstSeenAt }) => ({ release, at: firstSeenAt })),
      } satisfies OverviewSeries
    },
  )

  routes.get(
    '/api/services',
    { query: SpanQuery, answer: Type.Array(ServiceRow) },
    async ({ query, reply }): Promise<ServiceRow[]> => storeReaderFor(parts, reply).services(query),
  )

  const Limit = Type.Object(
    { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) },
    { additionalProperties: false },
  )
  routes.get(
    '/api/releases',
    { query: Limit, answer: Type.Array(ReleaseRow) },
    async ({ query: { limit }, reply }): Promise<ReleaseRow[]> =>
      storeReaderFor(parts, reply).releases(limit),
  )
}

/** The counts of buckets by their value, the value with the most first. */
function seriesOf(buckets: readonly TimeBucket[]): Series[] {
  const series = new Map<string, { at: number; count: number }[]>()
  for (const { at, byStatus } of buckets) {
    for (const [name, count] of Object.entries(byStatus)) {
      const points = series.get(name) ?? []
      series.set(name, points)
      points.push({ at, count })
    }
  }
  return [...series]
    .map(([name, points]) => ({ name, points }))
    .sort((one, other) => sumOf(other) - sumOf(one))
}

function sumOf({ points }: Series): number {
  return points.reduce((sum, { count }) => sum + count, 0)
}
