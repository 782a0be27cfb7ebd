import { Link } from 'wouter-preact'
import type { Timeline, TimelineEntry } from '../../src/api/model.js'
import { durationText, exactText } from '../components/time-text.js'
import { readTitle } from '../groups/group-title.js'
import { pathOfRecord } from '../shell/paths.js'
import { barOf, type Scale, scaleOf, ticksOf } from './timeline-scale.js'

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

/** What happened within a request, each on a line of its own, drawn along one axis of time. */
export function TimelineRows({
  timeline,
  current,
}: {
  timeline: Timeline
  /** The id of the record whose page this is. */
  current?: string
}) {
  const scale = scaleOf(timeline.entries)
  return (
    <>
      <div class="timeline-axis" aria-hidden="true">
        <div class="timeline-ticks">
          {ticksOf(scale).map((ms) => (
            <span key={ms} style={{ left: `${(ms / (scale.to - scale.from)) * 100}%` }}>
              {durationText(ms)}
            </span>
          ))}
        </div>
      </div>
      <ol class="timeline" aria-label="Time line of the request">
        {timeline.entries.map((entry, index) => (
          <Row
            key={`${index} ${entry.at} ${entry.title}`}
            entry={entry}
            scale={scale}
            isCurrent={entry.record !== null && entry.record.id === current}
          />
        ))}
      </ol>
      {timeline.isCut && (
        <p class="muted">There is more than is shown: the first 200 records of each kind.</p>
      )}
    </>
  )
}

/** Their titles are those of the reports behind them. */
function isReport(what: TimelineEntry['what']): boolean {
  return (
    what === 'crash' ||
    what === 'report' ||
    what === 'slow' ||
    what === 'stuck' ||
    what === 'blocked'
  )
}

function Row({
  entry,
  scale,
  isCurrent,
}: {
  entry: TimelineEntry
  scale: Scale
  isCurrent: boolean
}) {
  const { left, width } = barOf(entry, scale)
  const { what, title, durationMs, isFailed, record, at } = entry
  const text = isReport(what) ? readTitle(title).headline : title
  const isSpan = durationMs !== null && durationMs > 0
  return (
    <li class={isCurrent ? 'timeline-row timeline-current' : 'timeline-row'}>
      <span class="timeline-what">
        <span class={isFailed ? `timeline-kind bad` : 'timeline-kind'}>{WORDS[what]}</span>
        {record === null || isCurrent ? (
          <span class="clamped">{text}</span>
        ) : (
          <Link class="clamped" href={pathOfRecord(record)}>
            {text}
          </Link>
        )}
        {isFailed && <span class="hidden">failed</span>}
      </span>
      <span class="timeline-track" title={exactText(at)}>
        <span
          class={`timeline-bar timeline-${isFailed ? 'failed' : what}${isSpan ? '' : ' timeline-point'}`}
          style={{ left: `${left}%`, width: isSpan ? `${width}%` : undefined }}
        />
      </span>
      <span class="timeline-figure number">
        {isSpan ? durationText(durationMs) : `+${durationText(at - scale.from)}`}
      </span>
    </li>
  )
}
