import type { ReportedError } from './report-data.js'
import { TraceView } from './trace-view.js'

/** The errors behind an error, outermost first. */
export function CauseChain({ causes }: { causes: readonly ReportedError[] }) {
  return (
    <ol class="causes" aria-label="Causes, outermost first">
      {causes.map((cause, index) => (
        <li key={`${index} ${cause.message}`}>
          <CauseHead error={cause} word="Caused by" />
          {cause.trace.length > 0 && (
            <details open={index === causes.length - 1}>
              <summary>Stack trace</summary>
              <TraceView trace={cause.trace} label={`Stack trace of ${cause.name}`} />
            </details>
          )}
          <Parts error={cause} />
        </li>
      ))}
    </ol>
  )
}

function Parts({ error: { errors, leftOut } }: { error: ReportedError }) {
  if (errors.length === 0) return null
  return (
    <ul class="parts">
      {errors.map((part, index) => (
        <li key={`${index} ${part.message}`}>
          <CauseHead error={part} word="One of" />
        </li>
      ))}
      {leftOut > 0 && <li class="muted">and {leftOut} more</li>}
    </ul>
  )
}

function CauseHead({ error, word }: { error: ReportedError; word: string }) {
  return (
    <p class="cause-head wrap">
      <span class="muted">{word}</span> <strong>{error.name}</strong>
      {error.code !== undefined && <span class="mono"> {error.code}</span>}
      {error.message !== '' && <>: {error.message}</>}
    </p>
  )
}
