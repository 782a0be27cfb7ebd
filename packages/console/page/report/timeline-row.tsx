import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { TimelineEntry } from '../../src/api/model.js'
import { Badge, toneOf } from '../components/badge.js'
import { countOf, countText } from '../components/number-text.js'
import { durationText } from '../components/time-text.js'
import { readTitle } from '../groups/group-title.js'
import { pathOfRecord } from '../shell/paths.js'
import type { TimelineItem } from './timeline-fold.js'
import type { Scale } from './timeline-scale.js'
import { QueriesTrack, TimelineTrack } from './timeline-track.js'

const WORDS: Readonly<Record<TimelineEntry['what'], string>> = {
  arrival: 'Arrival',
  phase: 'Phase',
  audit: 'Audit event',
  call: 'Call',
  query: 'Query',
  log: 'Log',
  slow: 'Slow',
  stuck: 'Stuck',
  blocked: 'Blocked',
  crash: 'Crash',
  report: 'Report',
  answer: 'Answer',
}

/** Their titles are those of the reports behind them. */
const REPORTS: ReadonlySet<string> = new Set(['crash', 'report', 'slow', 'stuck', 'blocked'])

/** What all lines of a time line are shown with. */
interface RowContext {
  readonly scale: Scale
  /** The id of the record whose page this is. */
  readonly current: string | undefined
}

/** The lines of a time line, or of one of its lines that is open. */
export function TimelineItems({
  items,
  scale,
  current,
  label,
}: RowContext & { items: readonly TimelineItem[]; label: string }) {
  return (
    <ol class="timeline" aria-label={label}>
      {items.map((item, index) =>
        'entry' in item ? (
          <Row
            key={`${index} ${item.entry.at} ${item.entry.title}`}
            entry={item.entry}
            scale={scale}
            current={current}
          />
        ) : (
          <FoldedRow key={`${index} folded`} item={item} scale={scale} current={current} />
        ),
      )}
    </ol>
  )
}

function Row({ entry, scale, current }: RowContext & { entry: TimelineEntry }) {
  const { what, title, durationMs, isFailed, record, at, times } = entry
  const isCurrent = record !== null && record.id === current
  const text = REPORTS.has(what) ? readTitle(title).headline : title
  const [level, message] = (what === 'log' && readLogTitle(title)) || [undefined, text]
  const isSpan = durationMs !== null && durationMs > 0
  return (
    <li class={isCurrent ? 'timeline-row timeline-current' : 'timeline-row'}>
      <span class="timeline-what">
        <span class={isFailed ? `timeline-kind bad` : 'timeline-kind'}>{WORDS[what]}</span>
        {level !== undefined && (
          <span class="timeline-note">
            <Badge tone={toneOf(level.toUpperCase())}>{level}</Badge>
          </span>
        )}
        {record === null || isCurrent ? (
          <span class="clamped">{message}</span>
        ) : (
          <Link class="clamped" href={pathOfRecord(record)}>
            {message}
          </Link>
        )}
        {times !== null && <RepeatedMark times={times} />}
        {isFailed && <span class="hidden">failed</span>}
      </span>
      <TimelineTrack entry={entry} scale={scale} />
      <span class="timeline-figure number">
        {isSpan ? durationText(durationMs) : `+${durationText(at - scale.from)}`}
      </span>
    </li>
  )
}

/** Several queries in one line. */
function FoldedRow({
  item: { statement, entries, items },
  scale,
  current,
}: RowContext & { item: Exclude<TimelineItem, { readonly entry: TimelineEntry }> }) {
  const [isOpened, setOpened] = useState(false)
  const failed = entries.filter(({ isFailed }) => isFailed).length
  const times = statement === undefined ? null : (entries[0]?.times ?? null)
  const totalMs = entries.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
  return (
    <li class="timeline-folded">
      {/* Hundreds of lines: they are made when somebody wants to see them. */}
      <details onToggle={() => setOpened(true)}>
        <summary class="timeline-row">
          <span class="timeline-what">
            <span class={failed > 0 ? 'timeline-kind bad' : 'timeline-kind'}>
              {statement === undefined ? 'Queries' : 'Query'}
            </span>
            <span class="clamped">
              {statement === undefined ? (
                countOf(entries.length, 'more query', 'more queries')
              ) : (
                <>
                  <strong>{countText(entries.length)} times</strong> {statement}
                </>
              )}
            </span>
            {times !== null && <RepeatedMark times={times} />}
            {failed > 0 && <span class="timeline-note bad">{countText(failed)} failed</span>}
          </span>
          <QueriesTrack entries={entries} scale={scale} />
          <span class="timeline-figure number">{durationText(totalMs)}</span>
        </summary>
        {isOpened && (
          <TimelineItems
            items={items}
            scale={scale}
            current={current}
            label={statement ?? 'More queries'}
          />
        )}
      </details>
    </li>
  )
}

/** The mark of a statement that the request has run again and again. */
function RepeatedMark({ times }: { times: number }) {
  return (
    <span class="timeline-note" title={`Run ${countText(times)} times in this request`}>
      <Badge tone="warn">N+1</Badge>
    </span>
  )
}

/** `warn: no price` as its level and its message; undefined for a line without a level. */
function readLogTitle(title: string): readonly [level: string, message: string] | undefined {
  const [, level, message] = /^([A-Za-z][\w-]{0,19}): (.*)$/s.exec(title) ?? []
  return level === undefined || message === undefined ? undefined : [level, message]
}
