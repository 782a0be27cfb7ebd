import type { ComparedRoute } from '@fastify-scs/console/read'
import { type Static, Type } from '@sinclair/typebox'
import { fitting, pageOf } from '../bounds.js'
import { computed, isoTime, observed, parts, type Show, text } from '../marked.js'
import { readOffset, writeOffset } from '../offset-cursor.js'
import { argument, cursorArgument, defineTool, limitArgument } from '../tool.js'
import { GroupItem, groupItem } from './group-item.js'

const DEFAULT_ROUTES = 20
/** Groups of each list that are told; the tool "group" lists all of them. */
const MAX_GROUPS = 10
/** Of the routes, since groups stand beside them. */
const MAX_ROUTE_BYTES = 24_576
/** Of each list of groups. */
const MAX_GROUP_BYTES = 12_288

const VERDICTS = 'worse, same, better or too little traffic'
const judgement = () =>
  Type.Object(
    { verdict: Type.String({ description: VERDICTS }), reason: Type.String() },
    { additionalProperties: false },
  )
const span = () =>
  Type.Object({ from: Type.String(), to: Type.String() }, { additionalProperties: false })
const figures = () =>
  Type.Union([
    Type.Object(
      { calls: Type.Integer(), failed: Type.Integer(), p50Ms: Type.Number(), p95Ms: Type.Number() },
      { additionalProperties: false },
    ),
    Type.Null(),
  ])

const RouteItem = parts({
  computed: computed({
    verdict: Type.String({ description: VERDICTS }),
    failures: judgement(),
    durations: judgement(),
    before: figures(),
    since: figures(),
  }),
  observed: observed({ route: Type.String() }),
})

/** The tool that judges a release. */
export const releaseVerdictTool = defineTool({
  name: 'release_verdict',
  title: 'Verdict of a release',
  description:
    'Says whether a release is worse, the same or better than the one before it, or whether there is too little traffic to say: by new and regressed groups of errors, and by the failure rate and p95 of each route. Each verdict has its numbers and its reason. Calls are compared by when they were made, 7 days back at most.',
  input: Type.Object(
    {
      release: argument('Name of the release; the newest without it'),
      cursor: cursorArgument(),
      limit: limitArgument(DEFAULT_ROUTES, 100),
    },
    { additionalProperties: false },
  ),
  output: parts({
    computed: computed({
      verdict: Type.String({ description: VERDICTS }),
      reason: Type.String(),
      groups: judgement(),
      calls: judgement(),
      since: span(),
      before: Type.Union([span(), Type.Null()]),
      newGroups: Type.Integer({ description: 'How many there are; ten are told at most' }),
      regressedGroups: Type.Integer({ description: 'How many there are; ten are told at most' }),
      routes: Type.Integer({ description: 'How many there are' }),
      isCut: Type.Boolean({ description: 'Whether there are more than were looked at' }),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Of the routes' }),
    }),
    observed: observed({ release: Type.String(), comparedWith: text() }),
    newGroups: Type.Array(GroupItem),
    regressedGroups: Type.Array(GroupItem),
    routes: Type.Array(RouteItem),
  }),
  async run({ release, cursor, limit = DEFAULT_ROUTES }, { reader, show }) {
    const offset = readOffset(cursor)
    const told = await reader.verdict(release)
    const page = pageOf(
      told.routes,
      offset,
      limit,
      (route) => routeOf(route, show),
      MAX_ROUTE_BYTES,
    )
    const groupsOf = (list: typeof told.newGroups) => {
      const groups = list.slice(0, MAX_GROUPS).map((group) => groupItem(group, show))
      return groups.slice(0, fitting(groups, MAX_GROUP_BYTES))
    }
    return {
      structured: {
        computed: {
          ...{ verdict: told.verdict, reason: told.reason },
          ...{ groups: { ...told.groups }, calls: { ...told.calls } },
          since: isoSpan(told.since),
          before: told.before === null ? null : isoSpan(told.before),
          newGroups: told.newGroups.length,
          regressedGroups: told.regressedGroups.length,
          routes: told.routes.length,
          isCut: told.isCut,
          nextCursor: page.nextOffset === null ? null : writeOffset(page.nextOffset),
        },
        observed: {
          release: show(told.release.release),
          comparedWith: show(told.comparedWith?.release ?? null),
        },
        newGroups: groupsOf(told.newGroups),
        regressedGroups: groupsOf(told.regressedGroups),
        routes: [...page.items],
      },
    }
  },
})

function routeOf(compared: ComparedRoute, show: Show): Static<typeof RouteItem> {
  const { route, verdict, failures, durations, before, since } = compared
  const judged = { verdict, failures: { ...failures }, durations: { ...durations } }
  return {
    computed: { ...judged, before: figuresOf(before), since: figuresOf(since) },
    observed: { route: show(route) },
  }
}

function figuresOf(figures: ComparedRoute['before']) {
  if (figures === null) return null
  const { calls, failed, p50Ms, p95Ms } = figures
  return { calls, failed, p50Ms, p95Ms }
}

function isoSpan({ from, to }: { readonly from: number; readonly to: number }) {
  return { from: isoTime(from), to: isoTime(to) }
}
