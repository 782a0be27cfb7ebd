import { useState } from 'preact/hooks'
import type { Timeline } from '../../src/api/model.js'
import { durationText } from '../components/time-text.js'
import { TimelineFilter } from './timeline-filter.js'
import { foldQueries } from './timeline-fold.js'
import { TimelineItems } from './timeline-row.js'
import { scaleOf, ticksOf } from './timeline-scale.js'

/** What happened within a request, each on a line of its own, drawn along one axis of time. */
export function TimelineRows({
  timeline: { entries, isCut },
  current,
}: {
  timeline: Timeline
  /** The id of the record whose page this is. */
  current?: string
}) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  // Of all: the axis stays as it is while something is hidden.
  const scale = scaleOf(entries)
  const items = foldQueries(entries.filter(({ what }) => !hidden.has(what)))
  return (
    <>
      <TimelineFilter entries={entries} hidden={hidden} onChange={setHidden} />
      <div class="timeline-axis" aria-hidden="true">
        <div class="timeline-ticks">
          {ticksOf(scale).map((ms) => (
            <span key={ms} style={{ left: `${(ms / (scale.to - scale.from)) * 100}%` }}>
              {durationText(ms)}
            </span>
          ))}
        </div>
      </div>
      <TimelineItems
        items={items}
        scale={scale}
        current={current}
        label="Time line of the request"
      />
      {isCut && (
        <p class="muted">
          There is more than is shown: 200 records of each kind are, and 2,000 queries and log
          lines.
        </p>
      )}
    </>
  )
}
