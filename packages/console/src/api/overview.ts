import type { TimeBucket } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { readerFor } from '../query/reader.js'
import { chartSpan, spanFields, spanOf } from '../record/time-span.js'
import type { ConsoleRoutes } from './console-routes.js'
import { OverviewSeries, ReleaseRow, type Series, ServiceRow } from './model.js'
import type { ApiParts } from './parts.js'

/** Services that the chart of failed calls shows. */
const CHART_SERVICES = 10
const MAX_SERVICES = 100
const RELEASES = 20
/** New groups of a release that are counted. */
const MAX_NEW_GROUPS = 200

const Span = Type.Object(spanFields, { additionalProperties: false })

/** Declares what the overview shows: the charts, the services and the releases. */
export function overviewRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get('/api/series', { query: Span, answer: OverviewSeries }, async ({ query, reply }) => {
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
  })

  routes.get(
    '/api/services',
    { query: Span, answer: Type.Array(ServiceRow) },
    async ({ query, reply }): Promise<ServiceRow[]> => {
      const read = readerFor(parts, reply)
      const asked = { by: 'service', limit: MAX_SERVICES, ...spanOf(query) } as const
      const [all, failed] = await Promise.all([
        read((store) => store.tally('integration_requests', asked)),
        read((store) =>
          store.tally('integration_requests', { ...asked, where: { status: 'Failed' } }),
        ),
      ])
      const failures = new Map(failed.items.map(({ value, count }) => [value, count]))
      return all.items
        .map(({ value, count, lastAt }) => {
          return { service: value, calls: count, failed: failures.get(value) ?? 0, lastAt }
        })
        .sort((one, other) => other.failed - one.failed || other.calls - one.calls)
    },
  )

  const Limit = Type.Object(
    { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) },
    { additionalProperties: false },
  )
  routes.get(
    '/api/releases',
    { query: Limit, answer: Type.Array(ReleaseRow) },
    async ({ query: { limit = 10 }, reply }): Promise<ReleaseRow[]> => {
      const read = readerFor(parts, reply)
      const releases = await read((store) => store.releases(limit))
      return Promise.all(
        releases.map(async (release) => {
          const asked = { firstRelease: release.release, limit: MAX_NEW_GROUPS }
          const { items } = await read((store) => store.groups(asked))
          return { ...release, newGroups: items.length }
        }),
      )
    },
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
