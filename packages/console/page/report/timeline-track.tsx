import type { TimelineEntry } from '../../src/api/model.js'
import { exactText } from '../components/time-text.js'
import { type Bar, barOf, barsOf, type Scale } from './timeline-scale.js'

/** Where an entry lies in time, drawn: a bar where it takes time, else a point. */
export function TimelineTrack({ entry, scale }: { entry: TimelineEntry; scale: Scale }) {
  const { at, what, durationMs, isFailed } = entry
  const { left, width } = barOf(entry, scale)
  const isSpan = durationMs !== null && durationMs > 0
  return (
    <span class="timeline-track" title={exactText(at)}>
      <span
        class={`timeline-bar timeline-${isFailed ? 'failed' : what}${isSpan ? '' : ' timeline-point'}`}
        style={{ left: `${left}%`, width: isSpan ? `${width}%` : undefined }}
      />
    </span>
  )
}

/** Where the queries of a line lie in time, drawn; those that failed on top. */
export function QueriesTrack({
  entries,
  scale,
}: {
  entries: readonly TimelineEntry[]
  scale: Scale
}) {
  const failed = entries.filter(({ isFailed }) => isFailed)
  return (
    <span class="timeline-track" title={exactText(entries[0]?.at ?? scale.from)}>
      <Bars bars={barsOf(entries, scale)} look="query" />
      <Bars bars={barsOf(failed, scale)} look="failed" />
    </span>
  )
}

function Bars({ bars, look }: { bars: readonly Bar[]; look: 'query' | 'failed' }) {
  return (
    <>
      {bars.map(({ left, width }) => (
        <span
          key={left}
          class={`timeline-bar timeline-${look}`}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      ))}
    </>
  )
}
