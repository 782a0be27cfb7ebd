import type { TimelineEntry } from '../../src/api/model.js'
import { exactText } from '../components/time-text.js'
import { barOf, type Scale } from './timeline-scale.js'

/** Where the entries of a line lie in time, drawn. */
export function TimelineTrack({
  entries,
  scale,
}: {
  entries: readonly TimelineEntry[]
  scale: Scale
}) {
  const [first] = entries
  return (
    <span class="timeline-track" title={first === undefined ? '' : exactText(first.at)}>
      {entries.map((entry, index) => {
        const { what, durationMs, isFailed } = entry
        const { left, width } = barOf(entry, scale)
        const isSpan = durationMs !== null && durationMs > 0
        const look = `timeline-bar timeline-${isFailed ? 'failed' : what}`
        return (
          <span
            key={index}
            class={isSpan ? look : `${look} timeline-point`}
            style={{ left: `${left}%`, width: isSpan ? `${width}%` : undefined }}
          />
        )
      })}
    </span>
  )
}
