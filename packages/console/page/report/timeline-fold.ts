import type { TimelineEntry } from '../../src/api/model.js'

/** A line of a time line: an entry, or several queries in one line that can be opened. */
export type TimelineItem =
  | { readonly entry: TimelineEntry }
  | {
      /** The statement; undefined where the line stands for several. */
      readonly statement: string | undefined
      readonly entries: readonly TimelineEntry[]
      /** What shows when it is opened. */
      readonly items: readonly TimelineItem[]
    }

/** Lines of queries that follow each other; further ones are in one line that can be opened. */
const MOST_QUERIES = 12

/**
 * Puts queries together: runs of the same statement that follow each other are one line, and of a statement that is run again and again
 * (N+1) all runs with nothing but queries between them. A line stands where its first query does.
 */
export function foldQueries(entries: readonly TimelineEntry[]): readonly TimelineItem[] {
  const items: TimelineItem[] = []
  let queries: TimelineEntry[] = []
  const endRun = (): void => {
    items.push(...shortened(byStatement(queries)))
    queries = []
  }
  for (const entry of entries) {
    if (entry.what === 'query') {
      queries.push(entry)
      continue
    }
    // A phase lasts while queries are run: it does not come between runs of a statement.
    const isAround = entry.what === 'phase' && queries.at(-1)?.times != null
    if (!isAround) endRun()
    items.push({ entry })
  }
  endRun()
  const places = new Map(entries.map((entry, index) => [entry, index]))
  const placeOf = (item: TimelineItem): number =>
    places.get(entriesIn(item)[0] as TimelineEntry) ?? 0
  return items.sort((one, other) => placeOf(one) - placeOf(other))
}

/** The entries of a line. */
export function entriesIn(item: TimelineItem): readonly TimelineEntry[] {
  return 'entry' in item ? [item.entry] : item.entries
}

/** Its title without the code of the error that it failed by: `UPDATE orders SET state = ? → 23505`. */
function statementOf({ title, isFailed }: TimelineEntry): string {
  return isFailed ? title.replace(/ → [^→]*$/, '') : title
}

function byStatement(queries: readonly TimelineEntry[]): readonly TimelineItem[] {
  const groups: TimelineEntry[][] = []
  const repeated = new Map<string, TimelineEntry[]>()
  for (const entry of queries) {
    const last = groups.at(-1)
    const statement = statementOf(entry)
    const isSame = last?.[0] !== undefined && statementOf(last[0]) === statement
    const group = isSame ? last : repeated.get(statement)
    if (group !== undefined) {
      group.push(entry)
      continue
    }
    const begun = [entry]
    groups.push(begun)
    if (entry.times !== null) repeated.set(statement, begun)
  }
  return groups.map(itemOf)
}

function itemOf(entries: readonly TimelineEntry[]): TimelineItem {
  const [entry] = entries
  if (entry !== undefined && entries.length === 1) return { entry }
  const statement = entry === undefined ? undefined : statementOf(entry)
  return { statement, entries, items: entries.map(runOf) }
}

/** One run in the line of its statement, which need not be said again. */
function runOf(entry: TimelineEntry, index: number): TimelineItem {
  const code = entry.title.slice(statementOf(entry).length)
  return { entry: { ...entry, title: `Run ${index + 1}${code}`, times: null } }
}

function shortened(items: readonly TimelineItem[]): readonly TimelineItem[] {
  if (items.length <= MOST_QUERIES) return items
  const rest = items.slice(MOST_QUERIES - 1)
  const entries = rest.flatMap(entriesIn)
  return [...items.slice(0, MOST_QUERIES - 1), { statement: undefined, entries, items: rest }]
}
