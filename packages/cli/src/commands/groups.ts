import type { Group, GroupQuery } from '@fastify-scs/console/read'
import { Command } from 'commander'
import { UsageError } from '../errors.js'
import type { Colour } from '../output/colour.js'
import type { Cell, Column } from '../output/table.js'
import { shortTitle } from '../output/title.js'
import { countText, shortTime } from '../output/words.js'
import type { Session } from '../session.js'
import { timeOf, wholeOf } from '../times.js'

const MAX_LIMIT = 10_000
/** Groups that are read at a time. */
const PAGE = 200
const ORDERS = ['lastSeen', 'firstSeen', 'occurrences'] as const

const COLUMNS: readonly Column[] = [
  { name: 'STATUS' },
  { name: 'KIND', leaveOut: 4 },
  { name: 'COUNT', isNumber: true },
  { name: 'USERS', isNumber: true, leaveOut: 2 },
  { name: 'FIRST SEEN', leaveOut: 5 },
  { name: 'LAST SEEN (UTC)', leaveOut: 1 },
  { name: 'RELEASE', leaveOut: 3 },
  { name: 'TITLE', isFlexible: true },
  { name: 'FINGERPRINT', isWhole: true },
]

const COLOURS: Readonly<Record<Group['status'], Colour | undefined>> = {
  open: 'yellow',
  regressed: 'red',
  resolved: 'green',
  muted: 'dim',
}

interface GroupOptions {
  readonly status?: string
  readonly kind?: string
  readonly text?: string
  readonly assignee?: string
  readonly newIn?: string
  readonly seen?: string
  readonly new?: string
  readonly order: string
  readonly limit: string
}

/** `fastify-scs groups`: groups of like errors. */
export function groupsCommand(session: Session): Command {
  return new Command('groups')
    .description('Lists groups of like errors, with how often and to whom they happened.')
    .option('--status <list>', 'open, regressed, resolved, muted', 'open,regressed')
    .option('--kind <list>', 'fatal, non-fatal, slow, stuck, blocked')
    .option('--text <text>', 'what the title contains')
    .option('--assignee <name>', 'of this person')
    .option('--new-in <release>', 'seen in this release first')
    .option('--seen <time>', 'seen at or after: -1d')
    .option('--new <time>', 'seen for the first time at or after: -1d')
    .option('--order <order>', ORDERS.join(', '), 'lastSeen')
    .option('--limit <number>', 'groups at most', '50')
    .addHelpText(
      'after',
      `
Examples:
  fastify-scs groups --seen -1d --order occurrences
  fastify-scs groups --status open,regressed,resolved,muted --json`,
    )
    .action((options: GroupOptions) => groups(session, options))
}

async function groups(session: Session, options: GroupOptions): Promise<void> {
  const { output } = session
  const query = queryOf(options)
  const most = wholeOf('--limit', options.limit, 1, MAX_LIMIT)
  await session.reading(async ({ reader }) => {
    const found: Group[] = []
    let cursor: string | undefined
    do {
      const from = cursor === undefined ? {} : { cursor }
      const limit = Math.min(PAGE, most - found.length)
      const page = await reader.groups({ ...query, ...from, limit })
      found.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== undefined && found.length < most)
    if (!output.isTable) for (const group of found) await output.json(group)
    else if (found.length > 0) await output.rows(COLUMNS, found.map(cellsOf))
    if (found.length === 0) output.note('Nothing was found.')
    if (cursor !== undefined) output.note(`There are more: --limit ${most * 2}`)
  })
}

function queryOf(options: GroupOptions): GroupQuery {
  const { status, kind, text, assignee, newIn: firstRelease, seen, new: begun } = options
  const order = ORDERS.find((each) => each === options.order)
  if (order === undefined)
    throw new UsageError('--order', `one of ${ORDERS.join(', ')}`, JSON.stringify(options.order))
  const query = {
    ...{ status, kind, text, assignee, firstRelease, order },
    seenFrom: seen === undefined ? undefined : String(timeOf('--seen', seen)),
    newFrom: begun === undefined ? undefined : String(timeOf('--new', begun)),
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

function cellsOf(group: Group): Cell[] {
  return [
    { text: group.status, colour: COLOURS[group.status] },
    group.kind ?? '',
    countText(group.occurrences),
    countText(group.users),
    shortTime(group.firstSeenAt),
    shortTime(group.lastSeenAt),
    group.lastRelease ?? '',
    shortTitle(group.title),
    group.fingerprint,
  ]
}
