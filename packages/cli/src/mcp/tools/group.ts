import type { GroupDetail, GroupQuery } from '@fastify-scs/console/read'
import { type Static, Type } from '@sinclair/typebox'
import { fitting } from '../bounds.js'
import { computed, isoTime, observed, parts, type Show, time } from '../marked.js'
import { argument, cursorArgument, defineTool, limitArgument, wordArgument } from '../tool.js'
import { WrongArgumentError } from '../tool-failure.js'
import { GroupItem, groupItem } from './group-item.js'

const DEFAULT_GROUPS = 20
/** Of each list of values that the reports of a group have. */
const MAX_TALLY_BYTES = 10_240
const TALLIES = ['routes', 'users', 'releases', 'statusCodes'] as const

const Tallied = Type.Array(
  parts({
    computed: computed({ reports: Type.Integer(), lastAt: time() }),
    observed: observed({ value: Type.String() }),
  }),
)

/** The tool that tells of groups of like errors. */
export const groupTool = defineTool({
  name: 'group',
  title: 'Groups of errors',
  description:
    'Lists groups of like errors, the last seen first; or, with "fingerprint", tells of one group with the routes, users, releases and status codes of its reports of the last 31 days.',
  input: Type.Object(
    {
      fingerprint: argument('Only this group, with its details; without other arguments'),
      status: argument('open, resolved, muted, regressed; one or several, with commas between'),
      kind: argument('fatal, non-fatal, slow, stuck, blocked; one or several, with commas between'),
      text: argument('What the title contains'),
      firstRelease: argument('The release that it was seen in first'),
      assignee: argument('Who takes care of it'),
      seenFrom: argument('Seen at or after this time, ISO 8601'),
      newFrom: argument('Seen for the first time at or after this time, ISO 8601'),
      order: Type.Optional(
        wordArgument(['lastSeen', 'firstSeen', 'occurrences'], 'What comes first'),
      ),
      cursor: cursorArgument(),
      limit: limitArgument(DEFAULT_GROUPS, 100),
    },
    { additionalProperties: false },
  ),
  output: parts({
    computed: computed({
      count: Type.Integer({ description: 'Groups in this answer' }),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
    }),
    groups: Type.Array(GroupItem),
    details: Type.Union([
      parts({ routes: Tallied, users: Tallied, releases: Tallied, statusCodes: Tallied }),
      Type.Null(),
    ]),
  }),
  async run({ fingerprint, limit = DEFAULT_GROUPS, ...query }, { reader, show }) {
    if (fingerprint !== undefined) {
      if (Object.keys(query).length > 0)
        throw new WrongArgumentError('give no other argument with "fingerprint"')
      const detail = await reader.group(fingerprint)
      const groups = [groupItem(detail.group, show)]
      const computed = { count: 1, nextCursor: null }
      return { structured: { computed, groups, details: detailsOf(detail, show) } }
    }
    const asked = query as GroupQuery
    const first = await reader.groups({ ...asked, limit })
    const fits = fitting(first.items.map((group) => groupItem(group, show)))
    // Its cursor is that of the last group that fits.
    const page = fits < first.items.length ? await reader.groups({ ...asked, limit: fits }) : first
    const groups = page.items.map((group) => groupItem(group, show))
    const computed = { count: groups.length, nextCursor: page.nextCursor ?? null }
    return { structured: { computed, groups, details: null } }
  },
})

function detailsOf(detail: GroupDetail, show: Show) {
  const shown = TALLIES.map((name) => [name, tallied(detail[name], show)] as const)
  return Object.fromEntries(shown) as Record<(typeof TALLIES)[number], Static<typeof Tallied>>
}

function tallied(items: GroupDetail['routes'], show: Show): Static<typeof Tallied> {
  const values = items.map(({ value, count, lastAt }) => ({
    computed: { reports: count, lastAt: isoTime(lastAt) },
    observed: { value: show(value) },
  }))
  return values.slice(0, fitting(values, MAX_TALLY_BYTES))
}
