import { StatusBadge } from '../components/badge.js'
import { shareText } from '../components/number-text.js'
import { Facts, Panel } from '../components/panel.js'
import { durationText } from '../components/time-text.js'
import { type PhasePart, type SlowFacts, slowFactsOf } from './phases.js'

/** Where the time of a slow or stuck call went. Nothing where the data is of another kind. */
export function SlowPanel({ data }: { data: unknown }) {
  const facts = slowFactsOf(data)
  if (facts === undefined) return null
  return (
    <Panel title="Where the time went" aside={<StatusBadge status={facts.kind} />}>
      <p>{sentenceOf(facts)}</p>
      <PhaseBar parts={facts.parts} />
      <Facts rows={facts.figures.map(({ label, text }) => [label, text] as const)} />
    </Panel>
  )
}

/** The phases of a call side by side, as wide as their shares, with a legend that says the same in figures. */
export function PhaseBar({ parts }: { parts: readonly PhasePart[] }) {
  if (parts.length === 0) return <p class="muted">No phase took a measurable time.</p>
  return (
    <div class="phases">
      <div class="phase-bar" aria-hidden="true">
        {parts.map(({ name, label, ms, share }) => (
          <span
            key={name}
            class={`phase phase-${name}`}
            style={{ flexGrow: share }}
            title={`${label}: ${durationText(ms)}`}
          />
        ))}
      </div>
      <ul class="phase-legend">
        {parts.map(({ name, label, ms, share }) => (
          <li key={name}>
            <span class={`phase-mark phase-${name}`} aria-hidden="true" />
            {label} <span class="number">{durationText(ms)}</span>{' '}
            <span class="muted number">{shareText(share)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function sentenceOf({ kind, durationMs, limitMs, phase, isAborted }: SlowFacts): string {
  const took = durationText(durationMs)
  const limit = limitMs === null ? '' : `; its limit is ${durationText(limitMs)}`
  const left = isAborted ? ' The client left before the end.' : ''
  if (kind === 'stuck')
    return `Not answered after ${took}${limit}. It was in the phase “${phase ?? 'unknown'}”.${left}`
  return `Took ${took}${limit}.${left}`
}
