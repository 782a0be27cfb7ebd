// What the views ask the API for: one place for the keys of the cache and for how long an answer is good.

import { keepPreviousData, queryOptions } from '@tanstack/preact-query'
import type {
  GroupDetail,
  GroupPage,
  ListedKind,
  OverviewSeries,
  RecordDetail,
  RecordList,
  ReleaseRow,
  RouteRow,
  ServiceRow,
  Session,
  StoreState,
  TallyAnswer,
  Timeline,
} from '../../src/api/model.js'
import type { Api, ApiQuery } from './client.js'

/** How often a view that is open asks again, in milliseconds. */
export const REFRESH_MS = 30_000

/** A part of a path of the API. */
export const segment = encodeURIComponent

/** Who is looking. */
export const sessionQuery = (api: Api) =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      const session = await api.get<Session>('session', {}, signal)
      api.useToken(session.token)
      return session
    },
    staleTime: 300_000,
  })

/** The charts of the overview. */
export const seriesQuery = (api: Api, query: { from: number; to: number }) =>
  queryOptions({
    queryKey: ['series', query],
    queryFn: ({ signal }) => api.get<OverviewSeries>('series', query, signal),
    placeholderData: keepPreviousData,
  })

/** The services with the most failures. */
export const servicesQuery = (api: Api, query: { from: number; to: number }) =>
  queryOptions({
    queryKey: ['services', query],
    queryFn: ({ signal }) => api.get<ServiceRow[]>('services', query, signal),
    placeholderData: keepPreviousData,
  })

/** What is asked of the routes. */
export interface RoutesQuery extends ApiQuery {
  readonly from: number
  readonly to: number
  readonly order?: string
  readonly limit?: number
  readonly route?: string
  readonly bucketMs?: number
}

/** The routes, with their percentiles. */
export const routesQuery = (api: Api, query: RoutesQuery) =>
  queryOptions({
    queryKey: ['routes', query],
    queryFn: ({ signal }) => api.get<RouteRow[]>('routes', query, signal),
    placeholderData: keepPreviousData,
  })

/** The releases, the newest first. */
export const releasesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['releases'],
    queryFn: ({ signal }) => api.get<ReleaseRow[]>('releases', {}, signal),
    staleTime: 60_000,
  })

/** The store's own state. */
export const storeQuery = (api: Api) =>
  queryOptions({
    queryKey: ['store'],
    queryFn: ({ signal }) => api.get<StoreState>('store', {}, signal),
    refetchInterval: REFRESH_MS,
  })

/** A page of groups. */
export const groupsQuery = (api: Api, query: ApiQuery) =>
  queryOptions({
    queryKey: ['groups', query],
    queryFn: ({ signal }) => api.get<GroupPage>('groups', query, signal),
  })

/** One group, with its counts of a span. */
export const groupQuery = (
  api: Api,
  fingerprint: string,
  query: { readonly from: number; readonly to: number },
) =>
  queryOptions({
    queryKey: ['group', fingerprint, query],
    queryFn: ({ signal }) => api.get<GroupDetail>(`groups/${segment(fingerprint)}`, query, signal),
  })

/** A page of records of a kind. */
export const recordsQuery = (api: Api, kind: ListedKind, query: ApiQuery) =>
  queryOptions({
    queryKey: ['records', kind, query],
    queryFn: ({ signal }) => api.get<RecordList>(`records/${kind}`, query, signal),
  })

/**
 * One whole record. Looking at it is an audit event: it is asked for when somebody opens it, never ahead, and not again by itself.
 */
export const recordQuery = (api: Api, kind: ListedKind, id: string) =>
  queryOptions({
    queryKey: ['record', kind, id],
    queryFn: ({ signal }) => api.get<RecordDetail>(`records/${kind}/${segment(id)}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

/** Everything of one request, or of one trace. @param at when one of its records was made, for a request whose id others may have */
export const timelineQuery = (
  api: Api,
  of: 'requests' | 'traces',
  id: string,
  at: number | undefined,
) =>
  queryOptions({
    queryKey: ['timeline', of, id, at],
    queryFn: ({ signal }) => api.get<Timeline>(`${of}/${segment(id)}`, { at }, signal),
  })

/** Counts of the records of a kind by one field. */
export const tallyQuery = (api: Api, kind: ListedKind, query: ApiQuery) =>
  queryOptions({
    queryKey: ['tally', kind, query],
    queryFn: ({ signal }) => api.get<TallyAnswer>(`tally/${kind}`, query, signal),
    placeholderData: keepPreviousData,
  })
