import type { Release, RouteFigures, Store } from '@fastify-scs/store'
import type { Group } from '../api/model.js'
import { NotFoundError } from '../api/refusals.js'
import type { Read } from '../query/query-gate.js'
import { groupOf } from '../record/groups.js'
import type { TimeSpan } from '../record/time-span.js'
import {
  type Judgement,
  judgeDurations,
  judgeFailures,
  type Verdict,
  verdictOf,
} from './compare-calls.js'
import { judgeGroups } from './judge-groups.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** How far the calls before and since are looked at; they are kept for 7 days, unless the store is told otherwise. */
const MAX_SPAN_MS = 7 * DAY_MS
const MAX_RELEASES = 200
const MAX_ROUTES = 200
const MAX_GROUPS = 200

/** The calls of one route, before and since. */
export interface ComparedRoute {
  readonly route: string
  readonly verdict: Verdict
  readonly failures: Judgement
  readonly durations: Judgement
  /** Null where it was not called. */
  readonly before: RouteFigures | null
  readonly since: RouteFigures
}

/** What is said of a release, compared with the one before. */
export interface ReleaseVerdict extends Judgement {
  readonly release: Release
  /** Null where it is the first one that was noted. */
  readonly comparedWith: Release | null
  /** The calls that are compared; null where there are none before. */
  readonly before: TimeSpan | null
  readonly since: TimeSpan
  /** Of errors: what was seen first in the release, those that came most often first. */
  readonly newGroups: readonly Group[]
  /** Groups that were resolved and have come again in it. */
  readonly regressedGroups: readonly Group[]
  readonly groups: Judgement
  /** Of all routes together. */
  readonly calls: Judgement
  /** Those that are worse first, then those with the most calls. */
  readonly routes: readonly ComparedRoute[]
  /** Whether there are more groups or routes than were looked at. */
  readonly isCut: boolean
}

/**
 * Says whether a release is worse than the one before: by its new and regressed groups, and by the failures and durations of its routes.
 * Calls are told apart by time: those since the release began count for it.
 *
 * @param name of the release. @default the newest
 * @throws NotFoundError
 */
export async function releaseVerdict(
  read: Read,
  name?: string,
  nowMs: number = Date.now(),
): Promise<ReleaseVerdict> {
  const releases = await read((store) => store.releases(MAX_RELEASES))
  const index = name === undefined ? 0 : releases.findIndex(({ release }) => release === name)
  const release = releases[index]
  if (release === undefined) throw new NotFoundError('There is no such release')
  const comparedWith = releases[index + 1] ?? null
  const end = releases[index - 1]?.firstSeenAt ?? nowMs
  const since = spanOf(release.firstSeenAt, Math.min(end, release.firstSeenAt + MAX_SPAN_MS))
  const earliest = Math.max(comparedWith?.firstSeenAt ?? 0, release.firstSeenAt - MAX_SPAN_MS)
  const before = comparedWith === null ? null : spanOf(earliest, release.firstSeenAt)
  const [figuresBefore, figuresSince, newGroups, regressed] = await Promise.all([
    before === null ? [] : read((store) => figuresOf(store, before)),
    read((store) => figuresOf(store, since)),
    read((store) =>
      store.groups({ firstRelease: release.release, order: 'occurrences', limit: MAX_GROUPS }),
    ),
    read((store) => store.groups({ status: 'regressed', limit: MAX_GROUPS })),
  ])
  const found = newGroups.items.map(groupOf)
  // A group that regressed is one of an earlier release.
  const regressedGroups = regressed.items
    .filter(({ lastRelease }) => lastRelease === release.release)
    .map(groupOf)
  const routes = comparedRoutes(figuresBefore, figuresSince)
  const groups = judgeGroups(found, regressedGroups, comparedWith !== null)
  const calls = judgeCalls(figuresBefore, figuresSince, routes, comparedWith, release)
  const told = { release, comparedWith, before, since, groups, calls, routes, regressedGroups }
  const isCut =
    newGroups.nextCursor !== undefined ||
    regressed.nextCursor !== undefined ||
    figuresSince.length >= MAX_ROUTES
  const reason = `Errors: ${groups.reason} Calls: ${calls.reason}`
  return { verdict: verdictOf([groups, calls]), reason, ...told, newGroups: found, isCut }
}

function figuresOf(store: Store, span: TimeSpan): Promise<readonly RouteFigures[]> {
  return span.to > span.from
    ? store.routeStats({ ...span, order: 'calls', limit: MAX_ROUTES })
    : Promise.resolve([])
}

/** In whole minutes, as calls are counted. */
function spanOf(from: number, to: number): TimeSpan {
  const begin = Math.ceil(from / MINUTE_MS) * MINUTE_MS
  return { from: begin, to: Math.max(begin, Math.ceil(to / MINUTE_MS) * MINUTE_MS) }
}

function comparedRoutes(
  before: readonly RouteFigures[],
  since: readonly RouteFigures[],
): ComparedRoute[] {
  const earlier = new Map(before.map((figures) => [figures.route, figures]))
  return since
    .map((figures): ComparedRoute => {
      const known = earlier.get(figures.route)
      if (known === undefined) return unknownBefore(figures)
      const failures = judgeFailures(known, figures)
      const durations = judgeDurations(known, figures)
      const verdict = verdictOf([failures, durations])
      return { route: figures.route, verdict, failures, durations, before: known, since: figures }
    })
    .sort((one, other) => rankOf(one) - rankOf(other) || other.since.calls - one.since.calls)
}

function unknownBefore(since: RouteFigures): ComparedRoute {
  const none: Judgement = {
    verdict: 'too little traffic',
    reason: 'It has no calls before the release to compare with',
  }
  const judged = { verdict: none.verdict, failures: none, durations: none }
  return { route: since.route, ...judged, before: null, since }
}

function rankOf({ verdict }: ComparedRoute): number {
  return ['worse', 'better', 'same', 'too little traffic'].indexOf(verdict)
}

function judgeCalls(
  before: readonly RouteFigures[],
  since: readonly RouteFigures[],
  routes: readonly ComparedRoute[],
  comparedWith: Release | null,
  release: Release,
): Judgement {
  if (comparedWith === null)
    return {
      verdict: 'too little traffic',
      reason: 'There is no release before it to compare with.',
    }
  const all = judgeFailures(sumOf(before), sumOf(since))
  const worse = routes.filter(({ verdict }) => verdict === 'worse').length
  const better = routes.filter(({ verdict }) => verdict === 'better').length
  const overlapMs = comparedWith.lastSeenAt - release.firstSeenAt
  const overlap =
    overlapMs < MINUTE_MS
      ? ''
      : ` Both releases ran at once for ${Math.round(overlapMs / MINUTE_MS)} min; calls of that time count for the later one.`
  const counts = `${worse} of ${routes.length} routes are worse, ${better} better. Of all routes: ${all.reason}.${overlap}`
  const ofRoutes = routes.map(({ verdict }) => ({ verdict, reason: '' }))
  return { verdict: verdictOf([all, ...ofRoutes]), reason: counts }
}

function sumOf(figures: readonly RouteFigures[]) {
  const sum = (read: (each: RouteFigures) => number) =>
    figures.reduce((total, each) => total + read(each), 0)
  return {
    calls: sum(({ calls }) => calls),
    failed: sum(({ failed }) => failed),
    p95Ms: 0,
    buckets: [],
  }
}
